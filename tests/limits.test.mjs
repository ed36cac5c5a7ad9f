// docs/operating/limits.md against src/base/limits.h: every limit is told, with its value.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';

const read = (file) => readFile(path.join(import.meta.dirname, '..', file), 'utf8');

const SIZES = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30 };

// What the header says: numbers, and durations in seconds.
function constantsOf(header) {
  const constants = new Map();
  for (const [, name, value] of header.matchAll(/inline constexpr \S+ (k\w+) = ([^;]+);/g)) {
    const plain = value.replace(/(?:size_t|uint64_t)\{(\d+)\}/, '$1').replaceAll("'", '');
    const shifted = /^(\d+) << (\d+)$/.exec(plain);
    const seconds = /^(\d+)s$/.exec(plain);
    const number = shifted ? Number(shifted[1]) * 2 ** Number(shifted[2]) : Number(seconds?.[1] ?? plain);
    assert.ok(Number.isFinite(number), `${name} = ${value} can be read`);
    constants.set(name, number);
  }
  return constants;
}

// What the page says: "4,096", "30 s", "64 MiB", in the cell after the name's or in brackets behind it.
function limitsOf(page) {
  const limits = new Map();
  const told = /`(k\w+)`(?:[^|\n]*\| *| \()([\d,]+) ?(KiB|MiB|GiB|s)?\b/g;
  for (const [, name, digits, unit] of page.matchAll(told)) {
    assert.ok(!limits.has(name), `${name} is told once`);
    limits.set(name, Number(digits.replaceAll(',', '')) * (SIZES[unit] ?? 1));
  }
  return limits;
}

test('every limit is told with its value, and nothing else is', async () => {
  const constants = constantsOf(await read('src/base/limits.h'));
  const limits = limitsOf(await read('docs/operating/limits.md'));
  assert.ok(constants.size > 10);
  assert.deepEqual(Object.fromEntries(limits), Object.fromEntries(constants));
});
