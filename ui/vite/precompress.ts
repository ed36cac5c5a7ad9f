import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const gzipAsync = promisify(gzip);
const brotliAsync = promisify(brotliCompress);

/** Writes a .gz and a .br beside every built file, so that the server never compresses anything itself. */
export function precompress(): Plugin {
  let outDir = '';
  return {
    name: 'spoor-precompress',
    apply: 'build',
    configResolved(config) {
      outDir = config.build.outDir;
    },
    async closeBundle() {
      const entries = await readdir(outDir, { recursive: true, withFileTypes: true });
      const files = entries.filter((entry) => entry.isFile() && !/\.(gz|br)$/.test(entry.name));
      await Promise.all(
        files.map(async (entry) => {
          const path = join(entry.parentPath, entry.name);
          const bytes = await readFile(path);
          await Promise.all([
            gzipAsync(bytes, { level: 9 }).then((packed) => writeFile(`${path}.gz`, packed)),
            brotliAsync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).then((packed) =>
              writeFile(`${path}.br`, packed),
            ),
          ]);
        }),
      );
    },
  };
}
