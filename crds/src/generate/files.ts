import { stringify } from 'yaml';
import { customResourceDefinition } from '../custom-resource-definition.ts';
import { kinds } from '../kinds/index.ts';
import { indexPage, referencePage } from './reference-page.ts';

/** A file that is generated and committed. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

const head = '# Generated from crds/src/kinds by `npm run generate`. Do not edit.\n';

const yamlOf = (value: unknown): string => stringify(value, { lineWidth: 140, aliasDuplicateObjects: false });

/** All generated files. Equal schemas give equal bytes. */
export const generatedFiles = (): readonly GeneratedFile[] => [
  ...kinds.map((kind) => ({
    path: `crds/yaml/${kind.plural}.yaml`,
    content: head + yamlOf(customResourceDefinition(kind)),
  })),
  ...kinds.map((kind) => ({ path: `docs/api/${kind.singular}.md`, content: referencePage(kind) })),
  { path: 'docs/api/README.md', content: indexPage(kinds) },
];
