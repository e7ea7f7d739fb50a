import { parseAllDocuments, stringify } from 'yaml';

// As kubectl reads it: in YAML 1.1 `no` is no text.
const form = { version: '1.1', lineWidth: 140, aliasDuplicateObjects: false } as const;

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

const head = '# Rendered from charts/groundswell by `make install-files`. Do not edit.\n';

const helmsOwn = /^(helm\.sh\/|meta\.helm\.sh\/|groundswell\.dev\/chart$)/;

/** Without what only means something to Helm. */
const plain = <T>(value: T): T => {
  if (Array.isArray(value)) return value.map(plain) as T;
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(
    ([key, child]) => !helmsOwn.test(key) && !(key === 'app.kubernetes.io/managed-by' && child === 'Helm'),
  );
  const entries = kept.map(([key, child]) => [key, plain(child)] as const);
  // Annotations of which nothing is left.
  return Object.fromEntries(entries.filter(([key, child]) => key !== 'annotations' || !isEmpty(child))) as T;
};

const isEmpty = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.keys(value).length === 0;

const isTest = ({ metadata }: Rendered): boolean => metadata.annotations?.['helm.sh/hook'] !== undefined;

const namespace = (name: string) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

const order = ['Namespace', 'CustomResourceDefinition', 'ServiceAccount'];
const rank = ({ kind }: { readonly kind: string }): number => {
  const at = order.indexOf(kind);
  return at === -1 ? order.length : at;
};

/** What `helm template` printed as one file for `kubectl apply`: in an order that works, with its namespace. */
export const installFile = (rendered: string, namespaceName: string): string => {
  const objects = parseAllDocuments(rendered)
    .map((document) => document.toJS() as Rendered | null)
    .filter((object) => object !== null && !isTest(object)) as Rendered[];
  const sorted = [namespace(namespaceName), ...objects.map(plain)].sort((a, b) => rank(a) - rank(b));
  return head + sorted.map((object) => `---\n${stringify(object, form)}`).join('');
};
