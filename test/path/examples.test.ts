import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import { expect, test } from 'vitest';

const examples = join(import.meta.dirname, '..', '..', 'examples');

test.each(readdirSync(examples))('example %s compiles, and its models are there', async (name) => {
  const folder = join(examples, name);
  const { programs } = await loadPrograms([folder], 'local');
  expect(programs.length).toBeGreaterThan(1);
  const artifacts = programs.flatMap((program) =>
    program.kind === 'scorer' ? program.variants.map(({ artifact }) => artifact) : [],
  );
  for (const { uri, sha256 } of artifacts)
    expect({
      uri,
      sha256: createHash('sha256')
        .update(readFileSync(resolve(folder, uri)))
        .digest('hex'),
    }).toEqual({
      uri,
      sha256,
    });
});
