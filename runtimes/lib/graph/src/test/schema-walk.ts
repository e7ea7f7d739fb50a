/** JSON Schema, as far as it is looked at here. */
export interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly additionalProperties?: Schema | boolean;
  readonly pattern?: string;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly default?: unknown;
}

/** A way down a schema: names, `[]` for an entry of a list, `{}` for one of a map. */
export type Way = readonly string[];

const entriesOf = ({ additionalProperties: schema }: Schema): Schema | undefined =>
  typeof schema === 'object' && Object.keys(schema).length > 0 ? schema : undefined;

/** Ways to everything below a schema that has no members itself. */
export const leavesOf = (schema: Schema, way: Way = []): readonly Way[] => {
  const members = Object.entries(schema.properties ?? {});
  if (members.length > 0) return members.flatMap(([key, member]) => leavesOf(member, [...way, key]));
  if (schema.items !== undefined) return leavesOf(schema.items, [...way, '[]']);
  const entries = entriesOf(schema);
  return entries === undefined ? [way] : leavesOf(entries, [...way, '{}']);
};

export const memberOf = (schema: Schema, step: string): Schema => {
  if (step === '[]') return schema.items ?? {};
  return (step === '{}' ? entriesOf(schema) : schema.properties?.[step]) ?? {};
};

const texts: readonly string[] = [
  ...['event.user_id', '7m', 'other', '2026-02-02T00:00:00Z', 'https://example.com', 'wss://example.com', 'host:9092'],
  ...['5 * * * *', '512Mi', 'f'.repeat(64), '22:30', '/v1/other', './other.onnx', 'did:plc:two', '50'],
];

/** A right value that is neither the one that stands there nor the default. */
export const another = (schema: Schema, current?: unknown): unknown => {
  const before = current ?? schema.default;
  if (schema.enum !== undefined) return schema.enum.find((value) => value !== before);
  if (schema.type === 'boolean') return before !== true;
  if (schema.type === 'string') return anotherText(schema, before);
  if (schema.type === 'integer' || schema.type === 'number') return anotherNumber(schema, before);
  return schema.type === 'object' ? {} : 3;
};

const anotherText = ({ pattern = '', maxLength = 100 }: Schema, before: unknown): string | undefined =>
  texts.find((text) => text !== before && text.length <= maxLength && new RegExp(pattern).test(text));

const anotherNumber = ({ type, minimum = 1, maximum = 1e9 }: Schema, before: unknown): number => {
  const from = typeof before === 'number' ? before : minimum;
  const step = type === 'integer' || maximum > 1 ? 1 : 0.001;
  return from + step <= maximum ? from + step : from - step;
};

/** The least that a schema takes. */
export const least = (schema: Schema): unknown => {
  if (schema.properties !== undefined)
    return Object.fromEntries((schema.required ?? []).map((key) => [key, least(memberOf(schema, key))]));
  if (schema.items !== undefined) return [least(schema.items)];
  const entries = entriesOf(schema);
  return entries === undefined ? another(schema) : { one: least(entries) };
};
