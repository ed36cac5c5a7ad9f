// A learner's copy of the course, made and used by the real binary as a learner does it. Stopped when the test ends.
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import { atEnd, BINARY, freePort, temporaryFolder } from './server.mjs';

// A build takes long on a busy machine.
const PATIENCE_MS = 800_000;

// Runs a program to its end.
export function runProgram(program, words, { cwd, env = {} } = {}) {
  const child = spawn(program, words, { cwd, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const result = { code: null, stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => (result.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text) => (result.stderr += text));
  const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE_MS);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      clearTimeout(timer);
      resolve({ ...result, code });
    });
  });
}

export async function freePorts() {
  return {
    'query-port': await freePort(),
    'otlp-http-port': await freePort(),
    'frontend-port': await freePort(),
    'backend-port': await freePort(),
    'database-port': await freePort(),
  };
}

export const portFlags = (ports) => Object.entries(ports).map(([flag, port]) => `--${flag}=${port}`);

// The processes that have to do with a folder: that run from it, or are told of it.
export async function processesOf(folder) {
  const found = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (words.includes(folder)) found.push(`${pid} ${words.replaceAll('\0', ' ')}`);
  }
  return found;
}

// Kills what is left, however the test ended.
export function endProcessesOf(t, folder) {
  atEnd(t, async () => {
    for (const line of await processesOf(folder)) {
      try {
        process.kill(parseInt(line), 'SIGKILL');
      } catch {
        continue; // it has just ended
      }
    }
  });
}

class LearnersCopy {
  constructor(folder, ports) {
    this.folder = folder;
    this.ports = ports;
  }

  // ./challenge WORDS...
  run(words, options = {}) {
    return runProgram(path.join(this.folder, 'challenge'), words, { cwd: '/', ...options });
  }

  up(options) {
    return this.run(['up', ...portFlags(this.ports)], options);
  }

  // What ./challenge check says.
  async check() {
    const { stdout, stderr } = await this.run(['check', '--json']);
    try {
      return JSON.parse(stdout);
    } catch {
      throw new Error(`check said: ${stdout}${stderr}`);
    }
  }

  text(name) {
    return readFile(path.join(this.folder, name), 'utf8');
  }
}

export async function startCopy(t) {
  const folder = path.join(await temporaryFolder(t), 'my course');
  endProcessesOf(t, folder);
  const copy = new LearnersCopy(folder, await freePorts());
  copy.started = await runProgram(BINARY, ['challenge', 'start', folder]);
  return copy;
}
