import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = Readonly<Record<string, unknown>>;

interface Definition extends Json {
  readonly 'x-kubernetes-group-version-kind'?: readonly {
    readonly group: string;
    readonly version: string;
    readonly kind: string;
  }[];
}

const mapped = (node: Json, to: (value: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(node).map(([key, value]) => [key, to(value)]));

/** What OpenAPI 2 says of a value, in the words of JSON schema, with no unknown fields. */
const strict = (node: unknown): unknown => {
  if (Array.isArray(node)) return node.map(strict);
  if (typeof node !== 'object' || node === null) return node;
  const { format, properties, $ref, ...rest } = node as Json;
  if (format === 'int-or-string' || rest['x-kubernetes-int-or-string'] === true) return { type: ['integer', 'string'] };
  if (typeof $ref === 'string') return { $ref: $ref.replace('#/', '_definitions.json#/') };
  const schema = mapped(rest, strict);
  if (properties === undefined) return schema;
  const open = rest['x-kubernetes-preserve-unknown-fields'] === true || rest['additionalProperties'] !== undefined;
  // Names of fields, not words of the schema, even where they are the same.
  const fields = mapped(properties as Json, strict);
  return { ...schema, properties: fields, ...(open ? {} : { additionalProperties: false }) };
};

/**
 * Writes the schema of every kind that an API server knows, from its own /openapi/v2, for kubeconform.
 * @returns the pattern of their paths, as `-schema-location` takes it
 */
export const writeJsonSchemas = (openApi: string, folder: string): string => {
  const { definitions } = JSON.parse(openApi) as { definitions: Readonly<Record<string, Definition>> };
  const whole = Object.fromEntries(Object.entries(definitions).map(([name, node]) => [name, strict(node)]));
  writeFileSync(join(folder, '_definitions.json'), JSON.stringify({ definitions: whole }));
  for (const [name, definition] of Object.entries(definitions))
    for (const { group, version, kind } of definition['x-kubernetes-group-version-kind'] ?? [])
      writeFileSync(
        join(
          folder,
          `${[kind, ...group.split('.', 1), version].filter((part) => part !== '').join('-')}.json`.toLowerCase(),
        ),
        JSON.stringify({ $ref: `_definitions.json#/definitions/${name}` }),
      );
  return join(folder, '{{.ResourceKind}}{{.KindSuffix}}.json');
};
