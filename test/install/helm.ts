import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ensureTool } from '../cluster/build.ts';
import { runWith } from '../cluster/kubectl.ts';

export const root = join(import.meta.dirname, '..', '..');
export const chart = join(root, 'charts/groundswell');

/** An object as a manifest has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly resourceVersion?: string;
    readonly generation?: number;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  // biome-ignore lint/suspicious/noExplicitAny: tests look into all kinds of objects
  readonly [field: string]: any;
}

export const manifestsOf = (text: string): readonly Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as Manifest | null)
    .filter((object) => object !== null);

export interface Helm {
  (...words: readonly string[]): Promise<string>;
  /** What `helm template` gives for values, as release "groundswell" in groundswell-system. */
  template(...words: readonly string[]): Promise<readonly Manifest[]>;
  stop(): void;
}

/** Helm with nothing of its own user's: no plugins, no repositories. `kubeconfig`: where it installs. */
export const startHelm = async (kubeconfig = '/dev/null'): Promise<Helm> => {
  const command = await ensureTool('helm');
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-helm-'));
  for (const name of ['CACHE', 'CONFIG', 'DATA']) process.env[`HELM_${name}_HOME`] = join(folder, name);
  const helm = (...words: readonly string[]) => runWith({ command, kubeconfig }, words);
  return Object.assign(helm, {
    template: async (...words: readonly string[]) =>
      manifestsOf(await helm('template', 'groundswell', chart, '-n', 'groundswell-system', ...words)),
    stop: () => rmSync(folder, { recursive: true, force: true }),
  });
};
