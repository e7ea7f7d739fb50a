import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

export interface ResourceFile {
  readonly path: string;
  readonly text: string;
}

const isYaml = (name: string): boolean => /\.ya?ml$/.test(name);

const filesAt = async (path: string): Promise<readonly string[]> => {
  const found = await stat(path).catch((cause: unknown) => {
    throw new UnreadableResourcesError(
      `Cannot read "${path}": there is no such file or folder, pass -f with a YAML file or a folder of them`,
      {
        cause,
      },
    );
  });
  if (!found.isDirectory()) return [path];
  const names = (await readdir(path)).filter(isYaml).sort();
  if (names.length === 0)
    throw new UnreadableResourcesError(`Cannot read "${path}": the folder holds no .yaml file, at least one is needed`);
  return names.map((name) => join(path, name));
};

/** What `-f` names cannot be read; the message says what is needed. */
export class UnreadableResourcesError extends Error {
  override readonly name = 'UnreadableResourcesError';
}

/** Reads the files, and the YAML files of the folders, that `-f` names; each once, in order. */
export const readResources = async (paths: readonly string[]): Promise<readonly ResourceFile[]> => {
  const files = [...new Set((await Promise.all(paths.map(filesAt))).flat())];
  return Promise.all(files.map(async (path) => ({ path, text: await readFile(path, 'utf8') })));
};

/** The folder that relative paths in the resources start from: that of the first `-f`. */
export const baseDirectoryOf = async (paths: readonly string[]): Promise<string> => {
  const first = resolve(paths[0] ?? '.');
  return (await stat(first)).isDirectory() ? first : dirname(first);
};
