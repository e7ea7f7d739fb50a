import type { Seen } from './resource.ts';

/** What is looked at of a Deployment. */
export interface Deployment {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly status?: { readonly readyReplicas?: number };
}

const componentLabel = 'app.kubernetes.io/component';
/** Those that know where dead letters lie; a source also knows by what events are keyed. */
const kinds = ['ingest', 'window', 'scorer'];

/** Finds the Deployments of a pipeline whose pods can look at its dead letters. */
export const deploymentsSelector = (pipeline: string): string =>
  `app.kubernetes.io/instance=${pipeline},${componentLabel} in (${kinds.join(',')})`;

/** The Deployment to ask. @throws Error where no pod runs that could answer */
export const chooseDeployment = (pipeline: Seen, deployments: readonly Deployment[]): Deployment => {
  const rank = ({ metadata }: Deployment): number => kinds.indexOf(metadata.labels?.[componentLabel] ?? '');
  const [chosen] = deployments
    .filter(({ status }) => (status?.readyReplicas ?? 0) > 0)
    .toSorted((a, b) => rank(a) - rank(b));
  if (chosen !== undefined) return chosen;
  const { name } = pipeline.metadata;
  throw new Error(
    `Cannot ask for the dead letters of "${name}": no pod of its sources, windows or models is ready, one is needed`,
  );
};

/** What runs in the pod, with the credentials that it has: the image has all programs. */
export const deadLettersCommand = (words: readonly string[]): readonly string[] => [
  ...['/usr/local/bin/node', '/groundswell/runtimes/lib/pod/dist/start.js', 'deadletters'],
  ...words,
];
