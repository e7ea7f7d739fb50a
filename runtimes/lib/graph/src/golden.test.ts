import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { stringify } from 'yaml';
import { compile, formatProblem, parseFiles, resolve } from './index.ts';

const virality = join(import.meta.dirname, '../../../../examples/virality');
const everything = join(import.meta.dirname, 'golden/everything.yaml');

const filesOf = (path: string): readonly string[] =>
  path.endsWith('.yaml')
    ? [path]
    : readdirSync(path)
        .filter((name) => name.endsWith('.yaml'))
        .map((name) => join(path, name));

const compiled = (path: string, order: (files: readonly string[]) => readonly string[] = (files) => files) => {
  const files = order(filesOf(path)).map((file) => ({ path: file, text: readFileSync(file, 'utf8') }));
  const parsed = parseFiles(files);
  const graph = resolve(parsed.resources);
  const { programs, problems } = compile(graph, { target: 'local' });
  expect([...parsed.problems, ...graph.problems, ...problems].map(formatProblem)).toEqual([]);
  return programs;
};

test.each([
  { what: 'the example', path: virality, golden: 'virality.programs.yaml' },
  { what: 'every field that has an effect', path: everything, golden: 'everything.programs.yaml' },
])('$what compiles to these programs', async ({ path, golden }) => {
  await expect(stringify(compiled(path), { aliasDuplicateObjects: false })).toMatchFileSnapshot(`golden/${golden}`);
});

test('the order of files changes nothing', () => {
  expect(compiled(virality, (files) => files.toReversed())).toEqual(compiled(virality));
});
