import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A value in a Secret or ConfigMap, as programs refer to it. */
export interface Reference {
  readonly from: 'secret' | 'configMap';
  readonly name: string;
  readonly key: string;
}

/** Values that programs refer to and do not hold. */
export interface Values {
  /** @throws Error when there is none; its message says where it was looked for */
  read(reference: Reference): Promise<string>;
}

export interface ValuesOptions {
  /** Looked through in this order for `secrets/NAME/KEY`, or `configs/NAME/KEY`. */
  readonly directories: readonly string[];
  /** Counts before the folders: `GROUNDSWELL_SECRET_NAME_KEY`. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

const folders = { secret: 'secrets', configMap: 'configs' } as const;
const prefixes = { secret: 'GROUNDSWELL_SECRET', configMap: 'GROUNDSWELL_CONFIG' } as const;

/** Where the operator mounts the values of a pod. */
export const valuesDirectory = '/etc/groundswell-values';

/** Below a directory of values. */
export const valuePathOf = ({ from, name, key }: Reference): string => `${folders[from]}/${name}/${key}`;

const variableOf = ({ from, name, key }: Reference): string =>
  [prefixes[from], name, key].map((part) => part.toUpperCase().replaceAll(/[^A-Z0-9]/g, '_')).join('_');

export const createValues = ({ directories, env }: ValuesOptions): Values => ({
  read: async (reference) => {
    const variable = variableOf(reference);
    const given = env[variable];
    if (given !== undefined) return given;
    const path = valuePathOf(reference);
    const file = directories.map((directory) => join(directory, path)).find((candidate) => existsSync(candidate));
    // Editors and `kubectl create secret --from-file` leave a newline at the end.
    if (file !== undefined) return (await readFile(file, 'utf8')).replace(/\r?\n$/, '');
    const { from, name, key } = reference;
    throw new Error(
      `Cannot read "${key}" of ${from === 'secret' ? 'Secret' : 'ConfigMap'} "${name}": it is nowhere, set ${variable} or write the file ${path} beside the resources`,
    );
  },
});
