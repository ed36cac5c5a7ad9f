// The files of tests/queries: spans, questions in every language, and the answers that are expected, in every state
// that the spans can be in. tests/queries/README.md tells how such a file is written.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

import { startServer } from './harness/server.mjs';
import { LANGUAGES } from './queries/runner/languages.mjs';
import { parseScript, rewritten } from './queries/runner/script.mjs';
import { parseLoad } from './queries/runner/spans.mjs';
import { STATES } from './queries/runner/states.mjs';
import { TraceNames, wordsOf } from './queries/runner/words.mjs';

const FOLDER = path.join(import.meta.dirname, 'queries');
const REWRITE = process.env.SPOOR_REWRITE === '1';
const REWRITE_COMMAND = 'SPOOR_REWRITE=1 node --test tests/queries.test.mjs';

async function load(server, step, names) {
  const answer = await server.export(parseLoad(step.lines, names));
  assert.equal(answer.status, 200, `line ${step.at + 1}: ${answer.text}`);
  assert.ok(!answer.json.partialSuccess, `line ${step.at + 1}: ${answer.text}`);
}

async function ask(question, step) {
  const [language, ...words] = wordsOf(step.rest);
  const known = Object.keys(LANGUAGES);
  assert.ok(known.includes(language?.text), `line ${step.at + 1}: the languages are ${known.join(', ')}`);
  const lines = await LANGUAGES[language.text](question, words);
  return lines.map((line) => `  ${line}`);
}

// The answers to a script's questions, in order.
async function run(t, steps, state) {
  let server = await startServer(t);
  const question = { names: new TraceNames(), memory: {} };
  const answers = [];
  for (const [i, step] of steps.entries()) {
    if (step.verb === 'load') {
      server = await state.load(server, t);
      await load(server, step, question.names);
    } else {
      if (steps[i - 1]?.verb === 'load') {
        server = await state.ask(server, t);
        const { stored } = await server.json('/api/spoor/v1/status');
        assert.ok(state.holds(stored), `${state.name}: ${JSON.stringify(stored)}`);
      }
      answers.push(await ask({ ...question, server }, step));
    }
  }
  await server.kill();
  return answers;
}

function expectAnswers(steps, answers, file, state) {
  const wrong = steps
    .filter(({ verb }) => verb === 'eval')
    .map((step, i) => ({ step, answer: answers[i] }))
    .filter(({ step, answer }) => step.lines.join('\n') !== answer.join('\n'))
    .map(({ step, answer }) => {
      const where = `${file}:${step.at + 1}, ${state}: eval ${step.rest}`;
      return [where, 'expected', ...step.lines, 'answered', ...answer, ''].join('\n');
    });
  if (wrong.length === 0) return;
  assert.fail(
    `${wrong.join('\n')}\nWhere the answers are right and the file is wrong: ${REWRITE_COMMAND}, and review it.`,
  );
}

for (const file of readdirSync(FOLDER).filter((name) => name.endsWith('.test'))) {
  test(`queries/${file}`, async (t) => {
    const where = path.join(FOLDER, file);
    const text = readFileSync(where, 'utf8');
    const steps = parseScript(text);
    assert.ok(text.startsWith('# '), 'it opens with what it shows');
    assert.ok(
      steps.some(({ verb }) => verb === 'eval'),
      'it asks something',
    );
    if (REWRITE) {
      writeFileSync(where, rewritten(text, steps, await run(t, steps, STATES[0])));
      return;
    }
    for (const state of STATES) {
      await t.test(state.name, async (inState) => {
        expectAnswers(steps, await run(inState, steps, state), file, state.name);
      });
    }
  });
}

test('a wrong expectation fails with both answers and how to take the new one', () => {
  const steps = parseScript('eval jaeger limit=0\n  400 old\n');
  assert.throws(() => expectAnswers(steps, [['  400 new']], 'a.test', 'live'), {
    message:
      /a\.test:1, live: eval jaeger limit=0\nexpected\n {2}400 old\nanswered\n {2}400 new\n[^]*SPOOR_REWRITE=1/,
  });
});

test('rewriting changes expectations alone', () => {
  const text = '# About\nload\n  a/1 s n 0 1ms\n\neval one\n  x\n  y\n\n# Next\neval two\neval three\n  z\n';
  const steps = parseScript(text);
  assert.equal(rewritten(text, steps, [['  x', '  y'], [], ['  z']]), text);
  const other = '# About\nload\n  a/1 s n 0 1ms\n\neval one\n\n# Next\neval two\n  b\n  c\neval three\n  d\n';
  assert.equal(rewritten(text, steps, [[], ['  b', '  c'], ['  d']]), other);
});
