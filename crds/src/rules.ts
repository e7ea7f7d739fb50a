import { z } from 'zod';

/**
 * A rule over several fields, written twice: `cel` goes into the CRD, `holds` into the parser. A property test holds the two together.
 * `cel` sees the object as it was written (durations are strings), with defaults applied; `holds` sees it parsed.
 */
export interface Rule<T> {
  readonly cel: string;
  /** Field that the message is about, where it is not the whole object. */
  readonly field?: string;
  /** Says what to write instead. */
  readonly message: string;
  readonly holds: (value: T) => boolean;
}

const ruleRegistry = z.registry<{ readonly rules: readonly Rule<never>[] }>();

/** The rules of exactly this schema, not of what lies under it. */
export const rulesOf = (schema: z.core.$ZodType): readonly Rule<never>[] => ruleRegistry.get(schema)?.rules ?? [];

// What zod reports of a value whose shape is nevertheless whole, so that a rule may look at it.
const leavesShapeWhole = new Set(['unrecognized_keys', 'custom']);

/** Adds rules to a schema. They also run when unknown fields were found, so that all problems are reported at once. */
export const withRules = <T extends z.ZodType>(schema: T, rules: readonly Rule<z.output<T>>[]): T => {
  const validations = rules.map(({ cel, message, field }) => ({
    rule: cel,
    message,
    ...(field === undefined ? {} : { fieldPath: `.${field}` }),
  }));
  const ruled = rules.reduce<T>(
    (checked, { holds, message, field }) =>
      checked.refine((value) => holds(value as z.output<T>), {
        message,
        ...(field === undefined ? {} : { path: [field] }),
        when: ({ issues }) => issues.every(({ code }) => leavesShapeWhole.has(code ?? '')),
      }),
    schema.meta({ 'x-kubernetes-validations': validations }) as T,
  );
  ruleRegistry.add(ruled, { rules });
  return ruled;
};

const count = (value: object, names: readonly string[]): number =>
  names.filter((name) => (value as Readonly<Record<string, unknown>>)[name] !== undefined).length;

const presence = (names: readonly string[]): string => `[${names.map((name) => `has(self.${name})`).join(', ')}]`;

/** A union by presence: one optional field for each case. The fields must have no default. */
export const exactlyOne = (names: readonly string[]): Rule<object> => ({
  cel: `${presence(names)}.exists_one(present, present)`,
  message: `give exactly one of ${names.join(', ')}`,
  holds: (value) => count(value, names) === 1,
});
