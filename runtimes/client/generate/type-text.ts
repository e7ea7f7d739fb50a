export type Json = Readonly<Record<string, unknown>>;

const oneLine = (text: unknown): string => String(text).replaceAll(/\s+/g, ' ').replaceAll('*/', '*\\/');

const indented = (text: string): string => text.replaceAll('\n', '\n  ');

/** A member of an object type, under its description. */
export const memberText = (
  name: string,
  type: string,
  { optional = false, said = undefined as unknown } = {},
): string =>
  `${said === undefined ? '' : `  /** ${oneLine(said)} */\n`}  ${/^\w+$/.test(name) ? name : `'${name}'`}${optional ? '?' : ''}: ${indented(type)};\n`;

const objectText = ({ properties, required = [], additionalProperties }: Json): string => {
  if (properties === undefined)
    return typeof additionalProperties === 'object'
      ? `Record<string, ${typeText(additionalProperties as Json)}>`
      : 'Record<string, unknown>';
  const members = Object.entries(properties as Record<string, Json>).map(([name, each]) =>
    memberText(name, typeText(each), {
      optional: !(required as readonly string[]).includes(name),
      said: each['description'],
    }),
  );
  return `{\n${members.join('')}}`;
};

const plain: Readonly<Record<string, string>> = {
  ...{ integer: 'number', number: 'number', string: 'string', boolean: 'boolean', null: 'null' },
};

/** The TypeScript type of a JSON Schema of the API. Limits are for the server to check. */
export const typeText = (schema: Json): string => {
  const { $ref, enum: members, const: only, anyOf, oneOf, type, items } = schema;
  if (typeof $ref === 'string') return `components['schemas']['${$ref.slice($ref.lastIndexOf('/') + 1)}']`;
  if (only !== undefined) return literal(only);
  if (Array.isArray(members)) return members.map(literal).join(' | ');
  const either = anyOf ?? oneOf;
  if (Array.isArray(either)) return [...new Set(either.map((each: Json) => typeText(each)))].join(' | ');
  if (Array.isArray(type)) return type.map((each: string) => plain[each] ?? 'unknown').join(' | ');
  if (type === 'array') return `Array<${typeText((items ?? {}) as Json)}>`;
  if (type === 'object') return objectText(schema);
  return plain[String(type)] ?? 'unknown';
};

const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : JSON.stringify(value));
