import { apiVersion } from './kind.ts';
import { kinds, type Resource } from './kinds/index.ts';
import { didYouMean, type Problem, parseWith } from './problems.ts';

export type ParsedResource =
  | { readonly kind: 'parsed'; readonly resource: Resource }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

const refused = (...problems: readonly Problem[]): ParsedResource => ({ kind: 'refused', problems });

const kindNames = kinds.map(({ kind }) => kind);

const problemsOfType = (value: { readonly apiVersion?: unknown; readonly kind?: unknown }): readonly Problem[] => {
  const problems: Problem[] = [];
  if (value.apiVersion !== apiVersion) {
    const found = value.apiVersion === undefined ? 'is required' : `must be ${JSON.stringify(apiVersion)}`;
    const rest =
      value.apiVersion === undefined ? `: write ${apiVersion}` : `, and is ${JSON.stringify(value.apiVersion)}`;
    problems.push({ path: ['apiVersion'], message: found + rest });
  }
  if (value.kind === undefined) {
    problems.push({ path: ['kind'], message: `is required: give one of ${kindNames.join(', ')}` });
  } else if (!kindNames.some((kind) => kind === value.kind)) {
    const guess = typeof value.kind === 'string' ? didYouMean(value.kind, kindNames) : '';
    const message = `${JSON.stringify(value.kind)} is no kind of ours${guess || `: there are ${kindNames.join(', ')}`}`;
    problems.push({ path: ['kind'], message });
  }
  return problems;
};

/**
 * Parses one resource as a user wrote it, or as the API server gives it. Defaults are applied, durations and sizes are numbers
 * (milliseconds, bytes). All problems are reported at once.
 */
export const parseResource = (value: unknown): ParsedResource => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return refused({ path: [], message: 'must be an object with apiVersion, kind, metadata and spec' });
  }
  const ofType = problemsOfType(value);
  if (ofType.length > 0) return { kind: 'refused', problems: ofType };
  const definition = kinds.find(({ kind }) => kind === (value as { readonly kind: unknown }).kind);
  if (definition === undefined) return refused();
  const parsed = parseWith(definition.schema, value);
  return parsed.kind === 'parsed' ? { kind: 'parsed', resource: parsed.value } : parsed;
};
