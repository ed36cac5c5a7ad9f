import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';

// What a reader's browser has to load before it shows anything.
const SCRIPT_MAX = 80 * 1024;
const STYLE_MAX = 12 * 1024;

let dist = '';
let files: string[] = [];

beforeAll(async () => {
  dist = await mkdtemp(join(tmpdir(), 'spoor-ui-'));
  await build({ logLevel: 'error', build: { outDir: dist, emptyOutDir: true } });
  files = (await readdir(dist, { recursive: true })).filter((path) => existsSync(join(dist, path)));
}, 60_000);
afterAll(() => rm(dist, { recursive: true }));

/** What the page loads before anything is clicked: what index.html names, and what that imports at once. */
async function firstLoad(): Promise<string[]> {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  const found = new Set([...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+)"/g)].map((match) => match[1] ?? ''));
  for (const path of found) {
    if (!path.endsWith('.js')) continue;
    const text = await readFile(join(dist, path), 'utf8');
    for (const match of text.matchAll(/\b(?:from|import)\s*["']\.\/([^"']+)["']/g))
      found.add(join('assets', match[1] ?? ''));
  }
  return [...found];
}

async function packedBytes(paths: string[], ending: string): Promise<number> {
  const sizes = paths.filter((path) => path.endsWith(ending)).map((path) => stat(join(dist, `${path}.gz`)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

it('loads at most 80 KiB of script at first, the reader of traces included, and 12 KiB of style', async () => {
  const first = [...(await firstLoad()), ...files.filter((path) => /decode_worker[^/]*\.js$/.test(path))];
  expect(await packedBytes(first, '.js')).toBeGreaterThan(1024);
  expect(await packedBytes(first, '.js')).toBeLessThanOrEqual(SCRIPT_MAX);
  expect(await packedBytes(first, '.css')).toBeGreaterThan(1024);
  expect(await packedBytes(first, '.css')).toBeLessThanOrEqual(STYLE_MAX);
});

it('packs every file twice and names assets by their content', () => {
  const plain = files.filter((path) => /\.(html|js|css|svg)$/.test(path));
  for (const path of plain) expect(files).toEqual(expect.arrayContaining([`${path}.gz`, `${path}.br`]));
  const assets = plain.filter((path) => path !== 'index.html');
  for (const path of assets) expect(path).toMatch(/^assets\/.+-[\w-]{8}\.\w+$/);
});

it('has a page that any path prefix and a strict content security policy serve', async () => {
  const html = await readFile(join(dist, 'index.html'), 'utf8');
  expect(html.length).toBeLessThan(1500);
  expect(html).toContain('<base href="/" />');
  expect(html).not.toMatch(/<style|\sstyle=|<script(?![^>]*src=)|\son\w+=/);
  const addresses = [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map((match) => match[1]);
  expect(addresses.filter((address) => !/^(\/|\.\/assets\/[^/]+)$/.test(address ?? ''))).toEqual([]);
});

it('asks nobody but its own server, and evaluates nothing', async () => {
  for (const path of files.filter((path) => /\.(js|css)$/.test(path))) {
    const text = await readFile(join(dist, path), 'utf8');
    const outside = text.match(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}[^\s"'`)]*/gi) ?? [];
    expect(outside.filter((address) => !address.includes('www.w3.org/'))).toEqual([]);
    expect(text.match(/\beval\(|new Function\(|url\(data:|fileName:/)).toBeNull();
  }
});
