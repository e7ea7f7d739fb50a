import { Document, isMap, type Pair, type YAMLMap } from 'yaml';
import { defaultOf, fieldsOf, type ValueSchema, valueSchema } from './schema.ts';

const head = ' Generated from charts/generate/values.ts by `npm run generate`. Do not edit.';

const width = 116;

/** Words as lines, each with the blank that follows the `#` of a comment. */
const wrapped = (text: string): string => {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (`${last} ${word}`.length > width) lines.push(` ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines.join('\n');
};

const commentOf = ({ description = '', enum: words }: ValueSchema): string =>
  wrapped(words === undefined ? description : `${description} One of ${words.join(', ')}.`);

const comment = (map: YAMLMap, schema: ValueSchema): void => {
  const fields = new Map(fieldsOf(schema));
  for (const pair of map.items as readonly Pair<{ value: string; commentBefore?: string }, unknown>[]) {
    const field = fields.get(pair.key.value);
    if (field === undefined) continue;
    pair.key.commentBefore = commentOf(field);
    if (isMap(pair.value)) comment(pair.value, field);
  }
};

/** values.yaml: every value with its default, and what it means above it. */
export const valuesFile = (): string => {
  const schema = valueSchema();
  const document = new Document(defaultOf(schema));
  document.commentBefore = head;
  if (isMap(document.contents)) comment(document.contents, schema);
  return document.toString({ lineWidth: 0 });
};

/** values.schema.json: Helm refuses what it does not allow, misspelt names too. */
export const schemaFile = (): string => `${JSON.stringify(valueSchema(), null, 2)}\n`;
