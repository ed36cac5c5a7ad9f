// What the first page says, done to the letter: a Node program with OpenTelemetry's own packages, unchanged.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';

import { launch, painted, withPage } from './harness/browser.mjs';
import { atEnd, SLOW, startServer, temporaryFolder, until } from './harness/server.mjs';

let browser;
before(async () => (browser = await launch()));
after(() => browser?.close());

const SHOWN_WITHIN_MS = SLOW ? 10_000 : 2_000;

// A program that knows nothing of tracing: a server, asked once by itself, which asks another.
const PROGRAM = `
const http = require('node:http');
const stock = http.createServer((request, response) => response.end('12')).listen(0, '127.0.0.1', () => {
  const shop = http.createServer((request, response) => {
    http.get({ port: stock.address().port, path: '/stock' }, (answer) => answer.pipe(response));
  });
  shop.listen(0, '127.0.0.1', () => {
    const done = () => console.log("asked");
    http.get({ port: shop.address().port, path: "/cart" }, (answer) => answer.resume().on("end", done));
  });
});
`;

test('a Node program that follows the first page is a trace in the UI within two seconds of its export', async (t) => {
  const server = await startServer(t);
  await withPage(browser, server, async (page) => {
    await page.goto('/');
    await painted(page, 'search-ready');
    const [install, start] = await page.locator('#way pre').allInnerTexts();

    // Installed are the packages that the page names: by npm, from the tests' own list.
    const { devDependencies } = JSON.parse(await readFile(path.join(import.meta.dirname, 'package.json'), 'utf8'));
    const named = install.trim().split(/\s+/).slice(2);
    assert.equal(install.trim().split(/\s+/).slice(0, 2).join(' '), 'npm install');
    for (const name of named) assert.ok(devDependencies[name], `${name} is installed for the tests`);
    const folder = await temporaryFolder(t);
    await symlink(path.join(import.meta.dirname, 'node_modules'), path.join(folder, 'node_modules'));
    await writeFile(path.join(folder, 'app.js'), PROGRAM);

    const lines = start.trim().replace(/^node /m, 'exec node ');
    const program = spawn('bash', ['-euc', lines], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    atEnd(t, () => program.kill('SIGKILL'));
    let output = '';
    program.stdout.on('data', (data) => (output += data));
    program.stderr.on('data', (data) => (output += data));
    await until(() => output.includes('asked'), { within: 60_000, what: 'the program has run' }).catch((error) => {
      throw new Error(`${error.message}: ${output}`);
    });
    const exported = await until(
      async () => (await server.json('/api/spoor/v1/status')).spansStored !== '0' && Date.now(),
      { within: 30_000, what: 'its spans are exported' },
    );
    const link = page.getByRole('link', { name: /my-service.*GET/ }).first();
    await link.waitFor();
    assert.ok(Date.now() - exported <= SHOWN_WITHIN_MS, `shown ${Date.now() - exported} ms after the export`);
    // All four spans: a client's and a server's for each of the two requests.
    await until(async () => (await server.json('/api/spoor/v1/status')).spansStored === '4', { what: 'all are there' });
    await link.click();
    await painted(page, 'trace-painted');
    const rows = page.getByRole('treegrid', { name: 'Spans' }).getByRole('row').filter({ visible: true });
    assert.equal(await rows.count(), 4);
    assert.deepEqual(await rows.evaluateAll((all) => all.map((row) => row.getAttribute('aria-level'))), [
      '1',
      '2',
      '3',
      '4',
    ]);
    const found = await server.json('/api/traces?service=my-service');
    assert.equal(found.data.length, 1);
  });
});
