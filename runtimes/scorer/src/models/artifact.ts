import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Variant } from '@groundswell/graph';

/** Why a variant cannot serve, in the words of its status. The others go on. */
export class ModelRefusedError extends Error {
  override readonly name = 'ModelRefusedError';
  constructor(variant: string, problem: string, options?: { readonly cause: unknown }) {
    super(`Cannot serve variant "${variant}": ${problem}`, options);
  }
}

/** The path of a `file:` URL, or of a path relative to `directory`. Other kinds of artifacts belong here as they come. */
const pathOf = ({ name, artifact: { uri } }: Variant, directory: string): string => {
  if (uri.startsWith('file:')) return fileURLToPath(uri);
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(uri)?.[1];
  if (scheme !== undefined)
    throw new ModelRefusedError(
      name,
      `artifacts by "${scheme}" are not supported yet, a path or a file: URL is needed`,
    );
  return resolve(directory, uri);
};

/** Reads a variant's ONNX file, and checks that it is the one that the resource names. @throws ModelRefusedError */
export const readArtifact = async (variant: Variant, directory: string): Promise<Uint8Array> => {
  const { name, artifact } = variant;
  const bytes = await readFile(pathOf(variant, directory)).catch((cause: NodeJS.ErrnoException) => {
    const what = cause.code === 'ENOENT' ? 'there is no file' : `"${cause.code}" came up when reading`;
    throw new ModelRefusedError(name, `${what} "${artifact.uri}", a readable ONNX file is needed`, { cause });
  });
  const digest = createHash('sha256').update(bytes).digest('hex');
  if (digest !== artifact.sha256.toLowerCase()) {
    const problem = `"${artifact.uri}" has the sha256 ${digest}, the resource says ${artifact.sha256}; one of them must change`;
    throw new ModelRefusedError(name, problem);
  }
  return bytes;
};
