/** A node of a structural schema, as a CustomResourceDefinition holds it. */
export interface StructuralSchema {
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, StructuralSchema>>;
  readonly required?: readonly string[];
  readonly items?: StructuralSchema;
  readonly additionalProperties?: StructuralSchema;
  readonly [other: string]: unknown;
}

/** Fills in the defaults of a schema, from the outside in, as the API server does before it checks anything. */
export const withDefaults = (schema: StructuralSchema, value: unknown): unknown => {
  const { properties = {}, items, additionalProperties } = schema;
  if (Array.isArray(value)) return items === undefined ? value : value.map((item) => withDefaults(items, item));
  if (typeof value !== 'object' || value === null) return value;
  const filled: Record<string, unknown> = {};
  for (const [name, child] of Object.entries(value)) {
    const below = properties[name] ?? additionalProperties;
    filled[name] = below === undefined ? child : withDefaults(below, child);
  }
  for (const [name, child] of Object.entries(properties)) {
    if (filled[name] === undefined && child['default'] !== undefined) {
      filled[name] = withDefaults(child, child['default']);
    }
  }
  return filled;
};
