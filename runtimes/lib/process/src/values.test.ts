import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createValues } from './values.ts';

const token = { from: 'secret', name: 'x-api', key: 'bearer.token' } as const;

const folderWith = (path: string, content: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-values-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, path, '..'), { recursive: true });
  writeFileSync(join(folder, path), content);
  return folder;
};

test('a value is read from the first folder that has it, without the newline of an editor', async () => {
  const folder = folderWith('secrets/x-api/bearer.token', 'abc\n');
  expect(await createValues({ directories: ['/nowhere', folder], env: {} }).read(token)).toBe('abc');
});

test('a variable of the environment counts before files', async () => {
  const folder = folderWith('secrets/x-api/bearer.token', 'abc');
  const env = { GROUNDSWELL_SECRET_X_API_BEARER_TOKEN: 'from env' };
  expect(await createValues({ directories: [folder], env }).read(token)).toBe('from env');
});

test('what is nowhere is said with both places where it could be', async () => {
  await expect(createValues({ directories: [], env: {} }).read({ ...token, from: 'configMap' })).rejects.toThrow(
    'Cannot read "bearer.token" of ConfigMap "x-api": it is nowhere, set GROUNDSWELL_CONFIG_X_API_BEARER_TOKEN or write the file configs/x-api/bearer.token beside the resources',
  );
});
