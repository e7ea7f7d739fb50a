import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { argoConfigMap } from './argo-cd.ts';
import { type CrdFile, crdTemplate } from './crd-templates.ts';
import { dashboardFile, dashboards } from './monitoring/dashboards.ts';
import { metricsPage } from './monitoring/metrics-page.ts';
import { rulesFile } from './monitoring/rules.ts';
import { rulesTemplate } from './rules-template.ts';
import { schemaFile, valuesFile } from './values-file.ts';
import { valuesPage } from './values-page.ts';

/** A file that is generated and committed. */
export interface GeneratedFile {
  /** From the root of the repository. */
  readonly path: string;
  readonly content: string;
}

const root = join(import.meta.dirname, '../..');
const crds = join(root, 'crds/yaml');

const crdFiles = (): readonly CrdFile[] =>
  readdirSync(crds).map((name) => ({ name, text: readFileSync(join(crds, name), 'utf8') }));

const install = 'charts/install/all-namespaces';

/** The whole as one file. Its operator is what Helm rendered; see `make install-files`. */
const oneFile = (): string =>
  [...crdFiles().map(({ text }) => `---\n${text}`), readFileSync(join(root, install, 'operator.yaml'), 'utf8')].join(
    '',
  );

/** All generated files of the ways to install, from crds/yaml, the rules of the operator and the values here. */
export const generatedFiles = (): readonly GeneratedFile[] => [
  ...crdFiles().map((file) => ({
    path: `charts/groundswell/templates/crds/${file.name}`,
    content: crdTemplate(file),
  })),
  { path: `${install}/groundswell.yaml`, content: oneFile() },
  { path: 'charts/groundswell/templates/_rules.tpl', content: rulesTemplate() },
  { path: 'charts/argo-cd/argocd-cm.yaml', content: argoConfigMap() },
  { path: 'charts/groundswell/values.yaml', content: valuesFile() },
  { path: 'charts/groundswell/values.schema.json', content: schemaFile() },
  { path: 'docs/operations/values.md', content: valuesPage() },
  { path: 'docs/operations/metrics.md', content: metricsPage() },
  { path: 'charts/groundswell/monitoring/rules.yaml', content: rulesFile() },
  ...dashboards.map((dashboard) => ({
    path: `charts/groundswell/monitoring/dashboards/${dashboard.name}.json`,
    content: dashboardFile(dashboard),
  })),
];
