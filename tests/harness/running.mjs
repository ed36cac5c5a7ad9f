// A program that a test has started: what it says, and how it ends.
export class Running {
  constructor(child) {
    this.child = child;
    this.stderr = '';
    this.stdout = '';
    child.stderr.setEncoding('utf8').on('data', (text) => (this.stderr += text));
    child.stdout?.setEncoding('utf8').on('data', (text) => (this.stdout += text));
    this.exited = new Promise((resolve) => {
      child.once('close', (code, signal) => resolve({ code, signal }));
      child.once('error', (error) => resolve({ code: null, signal: null, error: error.message }));
    });
    this.exited.then((how) => (this.how = how));
  }

  get pid() {
    return this.child.pid;
  }

  // The lines of the log so far.
  logLines() {
    return this.stderr.split('\n').filter((line) => line !== '');
  }

  signal(name) {
    this.child.kill(name);
    return this.exited;
  }
  stop() {
    return this.signal('SIGTERM');
  }
  kill() {
    return this.signal('SIGKILL');
  }
}
