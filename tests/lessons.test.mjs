// Every lesson as its reader follows it: the commands of its ```sh blocks, in order, in one shell.
//
// What is replaced: build/spoor by the binary, and the ports by free ones. Every command must succeed, but ./challenge
// check, which fails as long as something is left to do. A ```text block right below a ```sh block, with nothing
// between, is what that prints: each of its lines must be in the output, in this order, where … stands for anything.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

import { endProcessesOf, freePorts, portFlags, processesOf } from './harness/learners_copy.mjs';
import { atEnd, BINARY, SLOW, temporaryFolder } from './harness/server.mjs';

const LESSONS = path.resolve(import.meta.dirname, '../challenge/lessons');
const STANDARD_PORTS = {
  16686: 'query-port',
  4318: 'otlp-http-port',
  8080: 'frontend-port',
  8081: 'backend-port',
  8082: 'database-port',
};
const FENCE = /^```(\S*).*\n([^]*?)^```$/gm;

// The ```sh blocks of a lesson: their commands, one a line, and the lines that they are said to print.
function blocksOf(text) {
  const fences = [...text.matchAll(FENCE)];
  return fences.flatMap((fence, index) => {
    if (fence[1] !== 'sh') return [];
    const next = fences[index + 1];
    const isOutput = next?.[1] === 'text' && text.slice(fence.index + fence[0].length, next.index).trim() === '';
    return [
      {
        commands: fence[2].replaceAll('\\\n', ' ').split('\n').filter((line) => line.trim() !== ''),
        output: isOutput ? next[2].split('\n').filter((line) => line.trim() !== '') : [],
      },
    ];
  });
}

// Whether each line is in the text, in this order.
function assertPrints(text, lines, where) {
  let rest = text;
  for (const line of lines) {
    const pattern = line.split('…').map((part) => part.trim().replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('[^\\n]*');
    const found = new RegExp(pattern).exec(rest);
    assert.ok(found, `${where} is said to print\n${line}\nand prints\n${text}`);
    rest = rest.slice(found.index + found[0].length);
  }
}

// A shell that runs one command after the other, as somebody types them.
class Shell {
  constructor(t, home) {
    this.child = spawn('bash', ['--norc', '-s'], {
      cwd: home,
      env: { ...process.env, HOME: home },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    this.output = '';
    for (const stream of [this.child.stdout, this.child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        this.output += text;
        this.wake?.();
      });
    }
    this.child.once('close', () => this.wake?.());
    atEnd(t, () => this.child.kill('SIGKILL'));
  }

  // {code, output} of a command.
  async run(command) {
    this.output = '';
    this.child.stdin.write(`{ ${command}\n} 2>&1 </dev/null; echo "[[status $?]]"\n`);
    for (;;) {
      const end = /\[\[status (\d+)\]\]\n$/.exec(this.output);
      if (end) return { code: Number(end[1]), output: this.output.slice(0, end.index) };
      assert.equal(this.child.exitCode, null, `the shell ended at: ${command}\n${this.output}`);
      await new Promise((resolve) => (this.wake = resolve));
    }
  }
}

test('every command of every lesson does what the lesson says', { skip: SLOW }, async (t) => {
  const home = await temporaryFolder(t);
  endProcessesOf(t, home);
  const shell = new Shell(t, home);
  const ports = await freePorts();
  const here = (command) =>
    command
      .replaceAll('build/spoor', BINARY)
      .replace(/^\.\/challenge up\b/, `./challenge up ${portFlags(ports).join(' ')}`)
      .replace(/\b(localhost|127\.0\.0\.1):(\d+)\b/g, (all, host, port) =>
        port in STANDARD_PORTS ? `${host}:${ports[STANDARD_PORTS[port]]}` : all,
      );

  let count = 0;
  for (const lesson of (await readdir(LESSONS)).filter((name) => /^\d\d_.*\.md$/.test(name)).sort()) {
    await t.test(lesson, async () => {
      for (const { commands, output } of blocksOf(await readFile(path.join(LESSONS, lesson), 'utf8'))) {
        let printed = '';
        for (const command of commands) {
          const result = await shell.run(here(command));
          const mayFail = command.startsWith('./challenge check');
          assert.ok(mayFail || result.code === 0, `${command}\nended with ${result.code}:\n${result.output}`);
          printed += result.output;
          ++count;
        }
        assertPrints(printed, output, commands.join('\n'));
      }
    });
  }
  assert.ok(count > 20, `${count} commands`);
  assert.deepEqual(await processesOf(home), [], 'the last lesson stops everything');
});
