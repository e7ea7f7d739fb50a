import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { kinds, type Problem, parseResource } from '@groundswell/crds';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { openApiOf } from '../../crds/src/custom-resource-definition.ts';
import type { StructuralSchema } from '../../crds/src/structural-schema.ts';
import { changed, type Written } from '../../crds/test/examples.ts';
import { type Api, openApi } from './api.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { applyCrds, dryRun } from './crds.ts';
import { type Mutation, mutationsOf } from './mutations.ts';

let plane: ControlPlane;
let api: Api;
beforeAll(async () => {
  plane = await startControlPlane();
  await applyCrds(plane);
  api = await openApi(plane);
});
afterAll(async () => {
  await api.close();
  await plane.stop();
});

interface Example {
  readonly title: string;
  readonly written: Written;
}

const root = join(import.meta.dirname, '..', '..', 'examples');
const examples: readonly Example[] = [
  ...kinds.map(({ kind }) => ({ title: `of ${kind}`, written: changed(kind) })),
  ...globSync('*/*.yaml', { cwd: root }).flatMap((file) =>
    parseAllDocuments(readFileSync(join(root, file), 'utf8')).map((document) => {
      const written = document.toJS() as Written;
      return { title: `${file} ${(written['metadata'] as { name: string }).name}`, written };
    }),
  ),
];

const specOf = (kind: unknown): StructuralSchema => {
  const definition = kinds.find((candidate) => candidate.kind === kind);
  if (definition === undefined) throw new Error(`Cannot mutate a ${kind}: it is no kind of ours`);
  return openApiOf(definition).properties.spec;
};

/** `spec.sources[0].x`, as the API server writes it. */
const shown = (path: readonly (string | number)[]): string =>
  path
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);

/** Kubernetes drops a field that is null; our parser asks what was meant, as in an `api:` with nothing under it. */
const isNullRefused = ({ problems }: { readonly problems: readonly Problem[] }): boolean =>
  problems.some(({ message }) => /\bnull\b/.test(message));

/** What is wrong with how the API server takes the object; undefined when it agrees with our parser. */
const disagreement = async (written: Written): Promise<string | undefined> => {
  const { status, body } = await dryRun(api, written);
  const parsed = parseResource(written);
  if (status === 201) {
    const stored = parseResource(body);
    if (stored.kind === 'refused') return `stored as what does not parse: ${JSON.stringify(stored.problems)}`;
    if (parsed.kind === 'refused')
      return isNullRefused(parsed) ? undefined : `taken, but the parser says ${JSON.stringify(parsed.problems)}`;
    return isDeepStrictEqual(stored.resource.spec, parsed.resource.spec) ? undefined : 'stored as something else';
  }
  const { message = '' } = body;
  if (status !== 400 && status !== 422) return `answered by ${status}: ${message}`;
  if (parsed.kind === 'parsed') return `refused, but it parses: ${message}`;
  // Of a name that stands twice, and of a case that is null, the server names the entry and the parser the field in it.
  const places = parsed.problems.flatMap(({ path }) => [path, path.slice(0, -1)]).filter(({ length }) => length > 1);
  return places.some((path) => message.includes(shown(path))) ? undefined : `refused without the field: ${message}`;
};

/** A few at a time: one after the other waits more than it works. */
const inBatches = async <T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> => {
  for (let i = 0; i < items.length; i += 10) await Promise.all(items.slice(i, i + 10).map(work));
};

describe('of 200 mutations', () => {
  test.each(examples)(
    'of the example $title the API server takes what parses, and names the field of what does not',
    async ({ written }) => {
      const mutations = fc.sample(mutationsOf(specOf(written['kind']), written['spec']), { numRuns: 200, seed: 5 });
      const found: object[] = [];
      await inBatches(mutations, async ({ what, path, value }: Mutation) => {
        const disagrees = await disagreement({ ...written, spec: value });
        if (disagrees !== undefined) found.push({ what, path: shown(['spec', ...path]), disagrees });
      });
      expect(found).toEqual([]);
    },
  );
});
