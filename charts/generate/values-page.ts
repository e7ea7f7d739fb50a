import { fieldsOf, type ValueSchema, valueSchema } from './schema.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const code = (text: string): string => `\`${text}\``;

const typeOf = ({ enum: words, type, items }: ValueSchema): string => {
  if (words !== undefined) return words.map(code).join(', ');
  return type === 'array' ? `list of ${items?.type === 'string' ? 'strings' : 'objects'}` : (type ?? 'any');
};

const rows = (schema: ValueSchema, under = ''): readonly string[] =>
  fieldsOf(schema).flatMap(([name, field]) => {
    const path = under + name;
    const below = rows(field, `${path}.`);
    if (below.length > 0) return below;
    return [
      `| ${code(path)} | ${cell(typeOf(field))} | ${code(JSON.stringify(field.default))} | ${cell(field.description ?? '')} |`,
    ];
  });

/** The reference of the chart's values, in Markdown. */
export const valuesPage =
  (): string => `<!-- Generated from charts/generate/values.ts by \`npm run generate\`. Do not edit. -->

# Values of the Helm chart

Helm checks them against \`values.schema.json\`: a misspelt name is refused. How to install: [installing](install.md).

| Value | Type | Default | Meaning |
| --- | --- | --- | --- |
${rows(valueSchema()).join('\n')}
`;
