// Zstandard frames (RFC 8878) without a compressor, since Node has one only from 22.15 on.
import zlib from 'node:zlib';

const FRAME_HEAD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]); // magic, no options, a window of 128 KiB
const BLOCK_BYTES_MAX = 128 << 10;
const RAW = 0;
const REPEATED = 1; // one byte, and how often

function blockHead(type, size, last) {
  const head = Buffer.alloc(3);
  head.writeUIntLE((size << 3) | (type << 1) | (last ? 1 : 0), 0, 3);
  return head;
}

// A frame that holds the bytes as they are.
function rawFrame(bytes) {
  const parts = [FRAME_HEAD];
  for (let at = 0; at === 0 || at < bytes.length; at += BLOCK_BYTES_MAX) {
    const block = bytes.subarray(at, at + BLOCK_BYTES_MAX);
    parts.push(blockHead(RAW, block.length, at + BLOCK_BYTES_MAX >= bytes.length), block);
  }
  return Buffer.concat(parts);
}

export const zstd = zlib.zstdCompressSync ?? rawFrame;

// A small frame that unpacks to `size` zeros.
export function zstdBomb(size) {
  const blocks = Math.ceil(size / BLOCK_BYTES_MAX);
  const zeros = (last) => Buffer.concat([blockHead(REPEATED, BLOCK_BYTES_MAX, last), Buffer.alloc(1)]);
  return Buffer.concat([FRAME_HEAD, ...Array.from({ length: blocks }, (_, i) => zeros(i === blocks - 1))]);
}
