import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How a process gets at artifacts. */
export interface ArtifactAccess {
  /** Where relative paths begin. */
  readonly directory: string;
  /** Where the cluster mounts claims, ConfigMaps and Secrets, in folders of these names. Absent: Secrets are folders `secrets/NAME` below `directory`. */
  readonly mounts?: string;
  /** Folder for what was downloaded. Absent: nothing is kept. */
  readonly cache?: string;
}

/** A file that is not to be had now. Another try may have it, where `isTransient`. */
export class FetchError extends Error {
  override readonly name = 'FetchError';
  readonly isTransient: boolean;
  constructor(problem: string, { isTransient, cause }: { readonly isTransient: boolean; readonly cause?: unknown }) {
    super(problem, { cause });
    this.isTransient = isTransient;
  }
}

/** Of a URI, what may be shown: user, password and query may be secret. */
export const shown = (uri: string): string => `"${uri.replace(/\/\/[^/@]*@/, '//').replace(/\?.*$/s, '?…')}"`;

/** @throws FetchError */
export const readLocal = async (path: string, uri: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const what = code === 'ENOENT' ? 'there is no file' : `"${code}" came up when reading`;
    throw new FetchError(`${what} ${shown(uri)}, a readable file is needed`, { isTransient: true, cause });
  }
};

/** The value of a Secret's key, undefined where it has none. Read anew each time: Secrets change. */
export const readSecret = async (
  { directory, mounts }: ArtifactAccess,
  secret: string,
  key: string,
): Promise<string | undefined> => {
  try {
    return (await readFile(join(mounts ?? directory, 'secrets', secret, key), 'utf8')).trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

/** What a store asks for, as far as the Secret has it. */
export interface Credentials {
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly sessionToken?: string;
  readonly username?: string;
  readonly password?: string;
  readonly token?: string;
}

const names = ['accessKey', 'secretKey', 'sessionToken', 'username', 'password', 'token'] as const;

/** @throws FetchError where the Secret has none of the keys */
export const credentialsOf = async (access: ArtifactAccess, secret: string | undefined): Promise<Credentials> => {
  if (secret === undefined) return {};
  const values = await Promise.all(names.map((name) => readSecret(access, secret, name)));
  const found = Object.fromEntries(names.flatMap((name, i) => (values[i] === undefined ? [] : [[name, values[i]]])));
  if (Object.keys(found).length > 0) return found;
  throw new FetchError(
    `the Secret "${secret}" is not there, or has no key; accessKey and secretKey, username and password, or token is needed`,
    { isTransient: true },
  );
};
