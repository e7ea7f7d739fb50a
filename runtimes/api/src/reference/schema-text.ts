import type { Json } from '../contract/schemas.ts';

/** A type in a few words, as TypeScript writes it; `refer` says what stands for a named one. */
export const typeText = (schema: Json): string => {
  const { $ref, enum: members, const: only, anyOf, oneOf, type, items, additionalProperties } = schema;
  if (typeof $ref === 'string') return $ref.slice($ref.lastIndexOf('/') + 1);
  if (only !== undefined) return JSON.stringify(only);
  if (Array.isArray(members)) return members.map((member) => JSON.stringify(member)).join(' | ');
  const either = anyOf ?? oneOf;
  if (Array.isArray(either)) return [...new Set(either.map((each: Json) => typeText(each)))].join(' | ');
  if (Array.isArray(type)) return type.join(' | ');
  if (type === 'array') return listOf(typeText((items ?? {}) as Json));
  if (type !== 'object') return typeof type === 'string' ? type : 'any';
  return typeof additionalProperties === 'object' ? `map of ${typeText(additionalProperties as Json)}` : 'object';
};

const listOf = (type: string): string => (/[ |]/.test(type) ? `(${type})[]` : `${type}[]`);

/** Limits and the default, in a few words. */
export const rulesText = (schema: Json): string => {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, default: byDefault } = schema;
  const between = (least: unknown, most: unknown, of: string): string[] => {
    if (least === undefined && most === undefined) return [];
    if (most === undefined) return [`at least ${least}${of}`];
    return [least === undefined ? `at most ${most}${of}` : `${least} to ${most}${of}`];
  };
  return [
    ...between(minimum, maximum, ''),
    ...between(minLength, maxLength, ' characters'),
    ...between(minItems, maxItems, ' entries'),
    ...(pattern === undefined ? [] : [`like ${pattern}`]),
    ...(byDefault === undefined ? [] : [`default ${JSON.stringify(byDefault)}`]),
  ].join(', ');
};
