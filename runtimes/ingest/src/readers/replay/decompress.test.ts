import { join } from 'node:path';
import { constants, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { folderWith } from '../../test/support.ts';
import { type Compression, DamagedArchiveError, readBytes } from './decompress.ts';

// No two rows alike, so that it does not shrink to nothing and several chunks are needed.
const text = Array.from({ length: 60_000 }, (_, i) => `${i},${Math.imul(i, 2_654_435_761) >>> 0}\n`).join('');

// Of '1,2\n' 75,000 times, three blocks, by bzip2 1.0.8 -1: Node has no encoder for it.
const bzip2 = Buffer.from(
  'QlpoMTFBWSZTWbXP9BEAYaNYAAAQAAQwACAAUGaaBSo9NQlBYiUF+hKC1CUFxigrJMprP9K8NkAMNGsAAAIAAIYABAAIClR6DNNNQlBahKC2oSgvUJQXGKCskymsqpKduABJOmwAAAgAAhgAEAAkFKm1ApQahKC1CUF1CUF2oSgvMUFZJlNZ6LzSvQAAB1gAABAABDAAIAAwzTQb1JpoXQsNDxdyRThQkBbeghs=',
  'base64',
);

interface Archive {
  readonly compression: Compression;
  readonly bytes: Buffer;
  readonly content: string;
}
const archives: readonly Archive[] = [
  { compression: 'none', bytes: Buffer.from(text), content: text },
  { compression: 'gzip', bytes: gzipSync(text), content: text },
  {
    compression: 'zstd',
    bytes: zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }),
    content: text,
  },
  { compression: 'bzip2', bytes: bzip2, content: '1,2\n'.repeat(75_000) },
];
const compressed = archives.slice(1);

const read = async (compression: Compression, bytes: Buffer) => {
  const { chunks } = readBytes(join(folderWith({ file: bytes }), 'file'), compression);
  const found: Uint8Array[] = [];
  try {
    for await (const chunk of chunks) found.push(chunk);
  } catch (error) {
    return { content: Buffer.concat(found).toString(), error: error as Error };
  }
  return { content: Buffer.concat(found).toString(), error: undefined };
};

describe('the content of a file', () => {
  test.each(archives)('is what was written, with compression $compression', async ({ compression, bytes, content }) => {
    expect((await read(compression, bytes)).content === content).toBe(true);
  });

  test.each(compressed)(
    'goes on where another $compression archive is appended',
    async ({ compression, bytes, content }) => {
      expect((await read(compression, Buffer.concat([bytes, bytes]))).content === content + content).toBe(true);
    },
  );

  test.each(compressed.flatMap((archive) => [0, 0.0001, 0.3, 0.6, 0.999].map((share) => ({ ...archive, share }))))(
    'is given up to where a $compression archive was cut off, at $share of it',
    async ({ compression, bytes, content, share }) => {
      const cut = bytes.subarray(0, Math.floor(bytes.length * share));
      const first = await read(compression, cut);
      expect(first.error).toBeInstanceOf(DamagedArchiveError);
      expect(first.error?.message).toMatch(/unexpected end of file/);
      expect(content.startsWith(first.content)).toBe(true);
      expect(first.content.length).toBeGreaterThanOrEqual(share > 0.5 ? content.length * 0.3 : 0);
      expect(await read(compression, cut)).toEqual(first);
    },
  );

  test.each(compressed)(
    'is given up to a flipped bit of a $compression archive',
    async ({ compression, bytes, content }) => {
      const broken = Buffer.from(bytes);
      const place = Math.floor(bytes.length * 0.8);
      broken[place] = (broken[place] as number) ^ 0x10;
      const first = await read(compression, broken);
      expect(first.error).toBeInstanceOf(DamagedArchiveError);
      expect(first.content.length).toBeGreaterThanOrEqual(content.length * 0.3);
      // What a checksum at the end finds wrong was given before it.
      expect(first.content.slice(0, content.length * 0.3) === content.slice(0, content.length * 0.3)).toBe(true);
      expect((await read(compression, broken)).content === first.content).toBe(true);
    },
  );

  test.each(compressed)('is refused where it is no $compression archive at all', async ({ compression }) => {
    const { content, error } = await read(compression, Buffer.from('id,at,post\n1,2,3\n'));
    expect(error).toBeInstanceOf(DamagedArchiveError);
    expect(content).toBe('');
  });
});
