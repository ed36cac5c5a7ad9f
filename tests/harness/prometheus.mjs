// Reads Prometheus' text format 0.0.4, refusing what is not so.
import assert from 'node:assert/strict';

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"';
const NUMBER = '[+-]?(?:\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?|Inf|NaN)';
const HELP = new RegExp(`^# HELP (${NAME}) (.+)$`);
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary|untyped)$`);
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?,?\\})? (${NUMBER})$`);

// Families by name: { help, type, samples: [{ name, labels, value }] }.
export function parseMetrics(text) {
  assert.ok(text.endsWith('\n'));
  const families = new Map();
  const seen = new Set();
  let family;
  for (const line of text.trimEnd().split('\n')) {
    const help = HELP.exec(line);
    const type = TYPE.exec(line);
    if (help) {
      assert.ok(!families.has(help[1]), `${help[1]} is told once`);
      family = { name: help[1], help: help[2], samples: [] };
      families.set(help[1], family);
    } else if (type) {
      assert.equal(type[1], family?.name, `HELP before TYPE: ${line}`);
      family.type = type[2];
    } else {
      const sample = SAMPLE.exec(line);
      assert.ok(sample, `not a sample: ${line}`);
      const [, name, labels = '', value] = sample;
      const suffix = family?.type === 'histogram' ? '(_bucket|_sum|_count)' : '';
      assert.match(name, new RegExp(`^${family?.name}${suffix}$`), line);
      assert.ok(!seen.has(`${name}{${labels}}`), `twice: ${line}`);
      seen.add(`${name}{${labels}}`);
      family.samples.push({ name, labels, value: Number(value.replace('Inf', 'Infinity')) });
    }
  }
  return families;
}
