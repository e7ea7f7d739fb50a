import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type ArtifactAccess, credentialsOf, openBucket } from '@groundswell/artifacts';
import type { TrainerProgram, Variant } from '@groundswell/graph';
import type { TrainerCard } from './card.ts';

export type Artifact = Variant['artifact'];

/** A run by its time, so that names sort by age: `20260102T030000Z`. */
export const runNameOf = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

export interface FinishedRun {
  readonly name: string;
  /** Where the trainer left its files; gone once they are published. */
  readonly folder: string;
  readonly card: TrainerCard;
}

export interface PublishOptions {
  readonly publish: TrainerProgram['publish'];
  /** sha256 of artifacts that stay. */
  readonly inUse: readonly string[];
}

/** A folder that artifacts are kept in. */
export interface Shelf {
  readonly path: string;
  /** How those who read the artifacts name it. */
  readonly uri: string;
}

const folderOf = ({ name, card }: FinishedRun): string => `${name}-${card.candidate.sha256.slice(0, 8)}`;

/** Of the folders of runs those that go: the oldest, but what somebody uses. */
const tooOld = (
  folders: readonly string[],
  { publish, inUse, card }: PublishOptions & Pick<FinishedRun, 'card'>,
): readonly string[] => {
  const kept = [...inUse, card.candidate.sha256].map((digest) => digest.slice(0, 8));
  return [...folders]
    .sort()
    .slice(0, -publish.keep)
    .filter((name) => !kept.some((digest) => name.endsWith(`-${digest}`)));
};

/** The model of a run, and the native one beside it, once its files lie there. */
const artifactAt = (folder: string, { card }: FinishedRun): Artifact => {
  const { file, sha256, native } = card.candidate;
  const explainer = native && { uri: `${folder}/${native.file}`, sha256: native.sha256 };
  return { uri: `${folder}/${file}`, sha256, ...(explainer !== undefined && { explainer }) };
};

/** Moves a finished run to the folder where artifacts are kept, and removes the oldest of those that nobody uses. */
export const publishToFolder = async (
  { path: root, uri }: Shelf,
  run: FinishedRun,
  options: PublishOptions,
): Promise<Artifact> => {
  await mkdir(root, { recursive: true });
  const folder = join(root, folderOf(run));
  await rm(folder, { recursive: true, force: true });
  // The run may lie on another disk; nobody sees half of it.
  const part = `${root}/.${run.name}`;
  await cp(run.folder, part, { recursive: true });
  await rename(part, folder);
  await rm(run.folder, { recursive: true });
  const folders = (await readdir(root)).filter((name) => !name.startsWith('.'));
  for (const name of tooOld(folders, { ...options, card: run.card })) await rm(join(root, name), { recursive: true });
  return artifactAt(`${uri}/${folderOf(run)}`, run);
};

interface Place {
  readonly access: ArtifactAccess;
  /** Where no bucket is named. @throws Error where there is no folder either */
  readonly shelf: () => Shelf;
}

/** Publishes a finished run where the program says. @throws FetchError where a store does not take it */
export const publishRun = (
  { model, publish }: TrainerProgram,
  run: FinishedRun,
  { access, shelf, inUse }: Place & Pick<PublishOptions, 'inUse'>,
): Promise<Artifact> =>
  publish.s3 === undefined
    ? publishToFolder(shelf(), run, { publish, inUse })
    : publishToBucket({ model, publish, access, s3: publish.s3 }, run, inUse);

interface BucketPlace {
  readonly model: string;
  readonly publish: TrainerProgram['publish'];
  readonly s3: NonNullable<TrainerProgram['publish']['s3']>;
  readonly access: ArtifactAccess;
}

/**
 * Writes a finished run to a bucket, below `publish.folder` and the name of the model, the card last. Removes the oldest runs
 * that nobody uses.
 */
const publishToBucket = async (
  { model, publish, access, s3 }: BucketPlace,
  run: FinishedRun,
  inUse: readonly string[],
): Promise<Artifact> => {
  const { folder: prefix } = publish;
  const { bucket: name, secret, ...at } = s3;
  const bucket = openBucket({ bucket: name, ...at }, await credentialsOf(access, secret));
  const root = [...(prefix === '' ? [] : [prefix]), model, ''].join('/');
  const folder = `${root}${folderOf(run)}`;
  const files = await readdir(run.folder);
  for (const file of [...files.filter((each) => each !== 'card.json'), 'card.json'])
    await bucket.put(`${folder}/${file}`, await readFile(join(run.folder, file)));
  await rm(run.folder, { recursive: true });
  for (const old of tooOld(await bucket.folders(root), { publish, inUse, card: run.card }))
    await bucket.remove(`${root}${old}/`);
  return { ...artifactAt(`s3://${name}/${folder}`, run), secret, ...at };
};
