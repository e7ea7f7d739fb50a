import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadPrograms } from '@groundswell/local';
import { expect, test } from 'vitest';

const examples = join(import.meta.dirname, '..', '..', 'examples');

/** Examples that take the place of a part of another one, as their first lines say. */
const besides: Readonly<Record<string, { readonly of: string; readonly files: readonly string[] }>> = {
  alerts: { of: 'virality', files: ['windows.yaml', 'model.yaml'] },
};

// Beside them lies what makes models of several.
const names = readdirSync(examples).filter((name) => !name.endsWith('.py'));

test.each(names)('example %s compiles, and its models are there', async (name) => {
  const folder = join(examples, name);
  const { of = name, files = [] } = besides[name] ?? {};
  const directory = join(examples, of);
  const others = files.map((file) => join(directory, file));
  const { programs } = await loadPrograms([...others, folder], 'local');
  expect(programs.length).toBeGreaterThan(1);
  const artifacts = programs.flatMap((program) =>
    program.kind === 'scorer' ? program.variants.map(({ artifact }) => artifact) : [],
  );
  for (const { uri, sha256 } of artifacts)
    expect({
      uri,
      sha256: createHash('sha256')
        .update(readFileSync(resolve(directory, uri)))
        .digest('hex'),
    }).toEqual({
      uri,
      sha256,
    });
});
