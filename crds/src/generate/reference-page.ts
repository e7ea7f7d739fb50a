import { annotations } from '../annotations.ts';
import { type KindDefinition, openApiOf } from '../custom-resource-definition.ts';
import { apiVersion } from '../kind.ts';
import type { StructuralSchema } from '../structural-schema.ts';

type Documented = KindDefinition & { readonly example: string };

const generated = '<!-- Generated from crds/src/kinds by `npm run generate`. Do not edit. -->\n';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (text: string): string => `\`${text}\``;

const table = (heads: readonly string[], rows: readonly (readonly string[])[]): string =>
  [heads, heads.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** The type as people say it, with its bounds: `integer 1..64`, `list of text`, `A, B or C`. */
const typeOf = (schema: StructuralSchema): string => {
  const { enum: values, items, additionalProperties, type } = schema;
  if (Array.isArray(values)) return values.map((value) => code(String(value))).join(', ');
  if (schema['x-kubernetes-int-or-string'] === true) return 'integer or string';
  if (schema['x-kubernetes-preserve-unknown-fields'] === true) return 'object, free';
  if (items !== undefined) return `list of ${typeOf(items)}`;
  if (additionalProperties !== undefined) return `map to ${typeOf(additionalProperties)}`;
  return `${type}${boundsOf(schema)}`;
};

const boundsOf = ({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: StructuralSchema): string => {
  const low = minimum === undefined ? '' : `${exclusiveMinimum === true ? '>' : '≥'} ${minimum}`;
  const high = maximum === undefined ? '' : `${exclusiveMaximum === true ? '<' : '≤'} ${maximum}`;
  const bounds = [low, high].filter((bound) => bound !== '').join(', ');
  return bounds === '' ? '' : ` (${bounds})`;
};

const defaultOf = (schema: StructuralSchema, required: boolean): string => {
  if (required) return 'required';
  const preset = schema['default'];
  if (preset === undefined) return '';
  return code(schema.type === 'object' ? '{}' : JSON.stringify(preset));
};

interface Field {
  readonly path: string;
  readonly schema: StructuralSchema;
  readonly required: boolean;
}

/** What lies one step below: the fields of an object, or of the items of a list. */
const fieldsOf = (schema: StructuralSchema, path: string): readonly Field[] => {
  if (schema.items !== undefined) return fieldsOf(schema.items, `${path}[]`);
  if (schema.additionalProperties !== undefined) return fieldsOf(schema.additionalProperties, `${path}.*`);
  const { properties = {}, required = [] } = schema;
  return Object.entries(properties).map(([name, child]) => ({
    path: path === '' ? name : `${path}.${name}`,
    schema: child,
    required: required.includes(name),
  }));
};

const withAllBelow = (field: Field): readonly Field[] => [
  field,
  ...fieldsOf(field.schema, field.path).flatMap(withAllBelow),
];

const fieldTable = (fields: readonly Field[]): string =>
  table(
    ['Field', 'Type', 'Default', 'Meaning'],
    fields.map(({ path, schema, required }) => [
      code(path),
      typeOf(schema),
      defaultOf(schema, required),
      schema.description ?? '',
    ]),
  );

interface RuleAt {
  readonly path: string;
  readonly message: string;
}

const rulesUnder = (schema: StructuralSchema, path: string): readonly RuleAt[] => {
  const own = (schema['x-kubernetes-validations'] ?? []) as readonly { readonly message: string }[];
  return [
    ...own.map(({ message }) => ({ path, message })),
    ...fieldsOf(schema, path).flatMap((field) => rulesUnder(field.schema, field.path)),
  ];
};

/** Rules that only say of one field what its description could say would fill the page. */
const ruleList = (schema: StructuralSchema): string =>
  rulesUnder(schema, 'spec')
    .filter(({ message }) => message !== 'must be longer than 0s')
    .map(({ path, message }) => `- ${code(path)}: ${message}`)
    .join('\n');

const names = ({ plural, shortNames }: Documented): string =>
  [plural, ...shortNames].map((name) => code(`kubectl get ${name}`)).join(' or ');

/** One section for each field of the spec that has fields below it; the others stand in the first table. */
const specSections = (spec: StructuralSchema): string => {
  const top = fieldsOf(spec, '');
  const nested = top.filter(({ schema, path }) => fieldsOf(schema, path).length > 0);
  const sections = nested.map(
    ({ path, schema }) =>
      `### spec.${path}\n\n${schema.description ?? ''}\n\n${fieldTable(fieldsOf(schema, path).flatMap(withAllBelow))}`,
  );
  return [`## Spec\n\n${fieldTable(top)}`, ...sections].join('\n\n');
};

/** The reference page of a kind, in Markdown. */
export const referencePage = (kind: Documented): string => {
  const { spec, status } = openApiOf(kind).properties;
  const columns = kind.columns.map(({ name, description, priority }) => [
    name,
    description + (priority === 1 ? ' Only with `-o wide`.' : ''),
  ]);
  return `${generated}
# ${kind.kind}

${kind.summary}

${code(apiVersion)}, ${names(kind)}, also in ${code('kubectl get groundswell')}. ${kind.scales ? `Scales with ${code(`kubectl scale ${kind.plural}/NAME --replicas N`)}.` : 'Has no replicas of its own.'}
How to read the tables: [README](README.md).

\`\`\`yaml
${kind.example}\`\`\`

${specSections(spec)}

## Rules

Beyond the types of fields, these hold; what breaks one is refused at apply and by ${code('groundswell validate')}.
Durations are longer than 0s unless 0s is the default or the text says otherwise.

${ruleList(spec)}

## Status

${fieldTable(fieldsOf(status, '').flatMap(withAllBelow))}

## Columns of kubectl get

${table(['Column', 'Meaning'], columns)}
`;
};

/** What all pages have in common. */
export const indexPage = (kinds: readonly Documented[]): string => `${generated}
# Resources

All are of ${code(apiVersion)}, live in a namespace, and are listed together by ${code('kubectl get groundswell')}.

${table(
  ['Kind', 'Short', 'What it says'],
  kinds.map(({ kind, singular, shortNames, summary }) => [`[${kind}](${singular}.md)`, shortNames.join(', '), summary]),
)}

## How to read the tables

- A default in the column *Default* is what holds when the field is absent; an empty cell says that absence means something,
  and the text says what.
- **Live.** A change is in force within two seconds; nothing restarts.
- **Rolling.** A change replaces pods one after another; they go on from saved state, and nothing is lost.
- **Recreate.** What was built under the old value (state, topic, keys) is built anew beside it, and readers switch when the
  new one is warm.
- A field below another one without such a word changes as the one above it.
- Durations are whole numbers with units, as in ${code('250ms')}, ${code('30s')}, ${code('5m')}, ${code('1h30m')}, ${code('72h')} or ${code('3d')} (a
  number of days stands alone). Sizes are as in ${code('512Mi')}, ${code('10Gi')} or ${code('1G')}.
- Where several fields are cases of one thing (${code('tumble')}, ${code('hop')}, …), exactly one is given; the rules say which.
- Secrets are only ever referred to, by name and key.
- A list of things with a ${code('name')} merges by that name when several parties apply it; other lists are replaced as a whole.

## Conditions

Every status has ${code('conditions')} of the form of metav1.Condition, with ${code('observedGeneration')} on each. ${code('True')} is well.
${code('Ready')} sums up the others; ${code('Reconciling')} and ${code('Stalled')} are there only while they are true.

## Annotations

What people and tools ask for without a change of what Git says: Argo CD leaves alone what its manifests do not name.

${table(
  ['Annotation', 'On', 'Value', 'Meaning'],
  [
    [
      code(annotations.pauseReconciliation),
      'all',
      code('true'),
      'The operator leaves it, and all that belongs to it, as it is.',
    ],
    [
      code(annotations.promote),
      'ScoringModel',
      'any new text',
      'A person agrees: passes the wait that the rollout stands at, a pause, a gate or the last promotion.',
    ],
    [code(annotations.abort), 'ScoringModel', 'SHA-256 of the challenger', 'It is given up now, and not tried again.'],
  ],
)}

An abort names a digest, so that it holds for this artifact and not for the next one, as ${code('spec.rollout.abort')} would.
`;
