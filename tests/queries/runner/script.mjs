// A file of tests/queries as steps, and back into text with other expectations.

// {verb: 'load' or 'eval', rest: what stands behind the verb, lines: below it, at: its line's number from 0}. Lines
// that begin with # and empty ones are between the steps.
export function parseScript(text) {
  const steps = [];
  for (const [at, line] of text.split('\n').entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const [, verb, rest] = /^(load|eval)(?: (.*))?$/.exec(line) ?? [];
    if (verb) {
      steps.push({ verb, rest: rest ?? '', lines: [], at });
    } else if (line.startsWith('  ') && steps.length > 0) {
      const last = steps.at(-1);
      if (at !== last.at + last.lines.length + 1) throw new Error(`line ${at + 1}: belongs to nothing`);
      last.lines.push(line);
    } else {
      throw new Error(`line ${at + 1}: begins with neither load nor eval, and is not indented`);
    }
  }
  return steps;
}

// The text with `answers`, one for each eval in order, as the lines below it.
export function rewritten(text, steps, answers) {
  const lines = text.split('\n');
  const evals = steps.filter(({ verb }) => verb === 'eval');
  // From the end, so that line numbers stay true.
  for (const [i, step] of [...evals.entries()].reverse())
    lines.splice(step.at + 1, step.lines.length, ...answers[i]);
  return lines.join('\n');
}
