import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { artifactForms, artifactSourceOf } from '@groundswell/graph';
import { type ArtifactAccess, type Credentials, FetchError, readLocal, shown } from './access.ts';
import { downloadHttp } from './http.ts';
import { readOciLayout } from './oci-layout.ts';
import { downloadS3, type S3Object } from './s3.ts';

export interface WantedFile extends Pick<S3Object, 'endpoint' | 'region'> {
  readonly uri: string;
  /** Hex; absent where any content will do, as of a signature. */
  readonly sha256?: string;
  readonly credentials: Credentials;
}

/** A file from wherever it lies. Its digest is not checked here. @throws FetchError */
export const fetchFile = async (wanted: WantedFile, { directory, mounts }: ArtifactAccess): Promise<Uint8Array> => {
  const { uri, sha256 = '', credentials } = wanted;
  const source = artifactSourceOf(uri);
  const mounted = (...parts: readonly string[]): Promise<Uint8Array> => {
    if (mounts !== undefined) return readLocal(resolve(mounts, ...parts), uri);
    throw new FetchError(`${shown(uri)} is in a cluster only, a path is needed here`, { isTransient: false });
  };
  switch (source?.kind) {
    case 'file':
      return readLocal(uri.startsWith('file:') ? fileURLToPath(uri) : resolve(directory, uri), uri);
    case 'http':
      return downloadHttp(source.url, credentials);
    case 's3':
      return downloadS3({ ...wanted, ...source }, credentials);
    case 'oci':
      return readOciLayout({ uri, folder: resolve(directory, source.path), tag: source.tag, sha256 });
    case 'claim':
      return mounted('claims', source.claim, source.path);
    case 'configMap':
      return mounted('configmaps', source.name, source.key);
    case undefined:
      throw new FetchError(`${shown(uri)} is none of the forms, ${artifactForms} is needed`, { isTransient: false });
  }
};

/** What comes over the network is kept. */
export const isRemote = (uri: string): boolean => ['http', 's3'].includes(artifactSourceOf(uri)?.kind ?? '');
