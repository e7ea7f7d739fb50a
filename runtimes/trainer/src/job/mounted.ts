import { join, relative } from 'node:path';

const claimFolder = (mounts: string, claim: string): string => join(mounts, 'claims', claim);

/** The folder in a claim that artifacts are published to. */
export const publishedIn = (mounts: string, { claim, folder }: { claim: string; folder: string }): string =>
  join(claimFolder(mounts, claim), folder);

/** How scorers name a file that lies in a claim here. */
export const claimUri = (mounts: string, { claim, path }: { claim: string; path: string }): string =>
  `pvc://${claim}/${relative(claimFolder(mounts, claim), path)}`;
