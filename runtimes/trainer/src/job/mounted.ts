import { join, relative } from 'node:path';
import { artifactSourceOf } from '@groundswell/graph';

const claimFolder = (mounts: string, claim: string): string => join(mounts, 'claims', claim);

/** The folder in a claim that artifacts are published to. */
export const publishedIn = (mounts: string, { claim, folder }: { claim: string; folder: string }): string =>
  join(claimFolder(mounts, claim), folder);

/** How scorers name a file that lies in a claim here. */
export const claimUri = (mounts: string, { claim, path }: { claim: string; path: string }): string =>
  `pvc://${claim}/${relative(claimFolder(mounts, claim), path)}`;

/** Where an artifact lies in a pod that has all that it refers to mounted. */
export const mountedPath = (mounts: string, uri: string): string => {
  const source = artifactSourceOf(uri);
  switch (source?.kind) {
    case 'claim':
      return join(claimFolder(mounts, source.claim), source.path);
    case 'configMap':
      return join(mounts, 'configmaps', source.name, source.key);
    default:
      return uri.replace(/^file:\/\//, '');
  }
};
