import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';

/** @typedef {{what: string, measured: string, budget: string, holds: boolean, jaeger: string}} Line */

const git = () => execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { encoding: 'utf8' }).trim();

/** Whether others want so much of the machine that a browser would have to wait. */
export const busy = () => loadavg()[0] > cpus().length / 2;

/** The lines as a table, with where and when they were measured. @param {Line[]} lines @param {number} runs */
export function table(lines, runs) {
  const load = loadavg()[1].toFixed(1);
  const machine = `${cpus().length} x ${cpus()[0].model.replace(/ \d+-Core.*/, '')}`;
  return [
    `${new Date().toISOString().slice(0, 10)}, ${machine}, ${git()}, \`./dev bench ui\``,
    `Median of ${runs} runs, each in a browser context of its own, without a GPU, at a load of ${load}.`,
    '',
    '| what | measured | budget | Jaeger UI 2.19 |',
    '|---|---|---|---|',
    ...lines.map(({ what, measured, budget, holds, jaeger }) =>
      `| ${what} | ${holds ? measured : `**${measured}**`} | ${budget} | ${jaeger} |`,
    ),
  ].join('\n');
}

/** Puts a text between `<!-- ui -->` and `<!-- /ui -->` of a page. */
export async function writeBetween(path, text) {
  const page = await readFile(path, 'utf8');
  const [open, close] = ['<!-- ui -->\n', '<!-- /ui -->'];
  const [begin, end] = [page.indexOf(open), page.indexOf(close)];
  if (begin < 0 || end < begin) throw new Error(`${path} has no place for it: ${open.trim()} … ${close}`);
  await writeFile(path, `${page.slice(0, begin)}${open}${text}\n${page.slice(end)}`);
}
