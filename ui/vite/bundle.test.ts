import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'vite';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { elementsOf } from './lessons/compile.ts';
import { readLessons } from './lessons/plugin.ts';

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

/** What a file loads by itself: the page its scripts and styles, a script what it imports, and its worker. */
function loadedBy(path: string, text: string): string[] {
  const patterns = path.endsWith('.html')
    ? [/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g]
    : [/(?:\bimport|\bfrom)\s*"\.\/([^"]+\.js)"/g, /new URL\([`"']([^`"']+\.js)[`"']/g];
  const found = patterns.flatMap((pattern) => [...text.matchAll(pattern)].map((match) => match[1] ?? ''));
  return path.endsWith('.html') ? found : found.map((name) => `assets/${name.replace(/^.*\//, '')}`);
}

/** Every file that is loaded before anything is chosen. What only import() names is loaded later. */
async function firstLoad(): Promise<string[]> {
  const reached = ['index.html'];
  for (const path of reached) {
    if (path.endsWith('.css')) continue;
    const text = await readFile(join(dist, path), 'utf8');
    reached.push(...loadedBy(path, text).filter((name) => !reached.includes(name)));
  }
  return reached;
}

async function packedBytes(paths: string[], ending: string): Promise<number> {
  const sizes = paths.filter((path) => path.endsWith(ending)).map((path) => stat(join(dist, `${path}.gz`)));
  return (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
}

it('loads at first at most 80 KiB of script, the worker included, and 12 KiB of style', async () => {
  const first = await firstLoad();
  expect(first.some((path) => /decode_worker.*\.js$/.test(path))).toBe(true);
  expect(await packedBytes(first, '.js')).toBeGreaterThan(20 * 1024);
  expect(await packedBytes(first, '.js')).toBeLessThanOrEqual(SCRIPT_MAX);
  expect(await packedBytes(first, '.css')).toBeGreaterThan(1024);
  expect(await packedBytes(first, '.css')).toBeLessThanOrEqual(STYLE_MAX);
});

it('leaves for later what search and the waterfall do not need', async () => {
  const first = await firstLoad();
  const later = files.filter((path) => path.endsWith('.js') && !first.includes(path));
  for (const name of ['palette', 'keys_sheet', 'map_page', 'status_page', 'learn_page'])
    expect(later).toContainEqual(expect.stringContaining(`/${name}-`));
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
  // Links of lessons, which a reader may choose.
  const links = readLessons().flatMap(({ body }) => [...elementsOf(body)].map(([, { href }]) => href ?? ''));
  for (const path of files.filter((path) => /\.(js|css)$/.test(path))) {
    const text = await readFile(join(dist, path), 'utf8');
    const outside = text.match(/(?:https?:)?\/\/[a-z0-9-]+\.[a-z]{2,}[^\s"'`)]*/gi) ?? [];
    expect(outside.filter((address) => !address.includes('www.w3.org/') && !links.includes(address))).toEqual(
      [],
    );
    expect(text.match(/\beval\(|new Function\(|url\(data:|fileName:/)).toBeNull();
  }
});
