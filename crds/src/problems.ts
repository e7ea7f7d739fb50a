import { z } from 'zod';
import { nearest } from './nearest.ts';

/** What is wrong with a resource, and where. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'refused'; readonly problems: readonly Problem[] };

const shown = (value: unknown): string => {
  const text = typeof value === 'bigint' ? String(value) : (JSON.stringify(value) ?? typeof value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
};

/** `: did you mean "x"?`, or nothing. */
export const didYouMean = (written: string, known: readonly string[]): string => {
  const best = nearest(written, known);
  return best === undefined ? '' : `: did you mean ${JSON.stringify(best)}?`;
};

const nouns: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  object: 'an object',
  record: 'an object',
  array: 'a list',
};

const sizeOf = (origin: string, bound: string): string => {
  if (origin === 'string') return `must have ${bound} characters`;
  if (origin === 'array') return `must have ${bound} entries`;
  return `must be ${bound}`;
};

/** Words for what zod found; undefined where the schema brings its own. */
const messageOf: z.core.$ZodErrorMap = (issue) => {
  const { input } = issue;
  switch (issue.code) {
    case 'invalid_type': {
      const noun = nouns[issue.expected] ?? issue.expected;
      return input === undefined ? `is required: give ${noun}` : `must be ${noun}, and is ${shown(input)}`;
    }
    case 'invalid_value': {
      const values = issue.values.map(String);
      if (input === undefined) return `is required: give ${values.join(', ')}`;
      const guess = typeof input === 'string' ? didYouMean(input, values) : '';
      return `must be ${values.join(', ')}, and is ${shown(input)}${guess}`;
    }
    case 'too_small':
      return `${sizeOf(issue.origin, issue.inclusive === false ? `more than ${issue.minimum}` : `at least ${issue.minimum}`)}, and is ${shown(input)}`;
    case 'too_big':
      return `${sizeOf(issue.origin, issue.inclusive === false ? `less than ${issue.maximum}` : `at most ${issue.maximum}`)}, and is ${shown(input)}`;
    case 'invalid_format':
      return `has the wrong form: ${shown(input)}`;
    case 'invalid_union':
      return `must be a number or text, and is ${shown(input)}`;
    default:
      return undefined;
  }
};

/** Parses, and gives either the value or all problems at once. */
export const parseWith = <T extends z.core.$ZodType>(schema: T, value: unknown): Parsed<z.output<T>> => {
  // zod says which fields are unknown, and only while it words the issue by which schema.
  const knownAt = new Map<string, readonly string[]>();
  const result = z.safeParse(schema, value, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') knownAt.set(JSON.stringify(issue.path), fieldsOf(issue.inst));
      return messageOf(issue);
    },
  });
  if (result.success) return { kind: 'parsed', value: result.data };
  const problems = withoutFollowers(result.error.issues).flatMap((issue) =>
    issue.code === 'unrecognized_keys'
      ? unknownFields(issue, knownAt.get(JSON.stringify(issue.path)) ?? [])
      : [{ path: pathOf(issue), message: issue.message }],
  );
  return { kind: 'refused', problems };
};

/** zod also measures the length of a value of the wrong type; only the type is worth saying. */
const withoutFollowers = (issues: readonly z.core.$ZodIssue[]): readonly z.core.$ZodIssue[] => {
  const mistyped = new Set(
    issues.filter(({ code }) => code === 'invalid_type').map(({ path }) => JSON.stringify(path)),
  );
  return issues.filter(({ code, path }) => code === 'invalid_type' || !mistyped.has(JSON.stringify(path)));
};

const pathOf = (issue: z.core.$ZodIssue): Problem['path'] =>
  issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));

const fieldsOf = (schema: unknown): readonly string[] => {
  const { _zod } = schema as { readonly _zod: { readonly def: { readonly shape?: object } } };
  return Object.keys(_zod.def.shape ?? {});
};

const unknownFields = (issue: z.core.$ZodIssueUnrecognizedKeys, known: readonly string[]): readonly Problem[] =>
  issue.keys.map((key) => {
    const listed = known.length === 0 ? 'there are none here' : `there are ${known.join(', ')}`;
    return { path: [...pathOf(issue), key], message: `is no known field${didYouMean(key, known) || `: ${listed}`}` };
  });
