import { parse } from 'yaml';
import { kinds, type Resource } from '../src/index.ts';

type Kind = Resource['kind'];
export type Written = Record<string, unknown>;

/** The example of a kind, as plain data. */
const exampleOf = (kind: Kind): Written => {
  const definition = kinds.find((candidate) => candidate.kind === kind);
  return parse(definition?.example ?? '') as Written;
};

/** `spec.sources.0.x` with the value; undefined takes the field away. */
export type Change = readonly [path: string, value: unknown];

/** The example of a kind with changes: states only what differs. */
export const changed = (kind: Kind, ...changes: readonly Change[]): Written => {
  const written = exampleOf(kind);
  for (const [path, value] of changes) {
    const steps = path.split('.');
    const last = steps.pop() ?? '';
    let at = written;
    for (const step of steps) {
      at[step] ??= {};
      at = at[step] as Written;
    }
    if (value === undefined) delete at[last];
    else at[last] = value;
  }
  return written;
};
