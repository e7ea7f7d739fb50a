import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { generatedFiles } from '../src/generate/files.ts';
import { parseResource } from '../src/index.ts';

const root = join(import.meta.dirname, '../..');

describe('the generated files', () => {
  test.each(generatedFiles())('$path is what `npm run generate` writes', ({ path, content }) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(content);
  });

  test('are the same each time', () => {
    expect(generatedFiles()).toEqual(generatedFiles());
  });

  test('fit into the annotation that kubectl apply keeps of each object, 262144 bytes of JSON', () => {
    const crds = generatedFiles().filter(({ path }) => path.endsWith('.yaml'));
    for (const { content } of crds) {
      const [document] = parseAllDocuments(content);
      expect(JSON.stringify(document?.toJS()).length).toBeLessThan(262_144);
    }
  });
});

describe('the examples', () => {
  const folder = join(root, 'examples');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));
  const documents = files.flatMap((file) =>
    parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document, i) => ({
      file,
      i,
      value: document.toJS(),
    })),
  );

  test.each(documents)('$file, document $i, is right', ({ value }) => {
    const parsed = parseResource(value);
    expect(parsed.kind === 'refused' ? parsed.problems : []).toEqual([]);
  });
});
