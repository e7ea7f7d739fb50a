import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TrainerProgram } from '@groundswell/graph';
import type { TrainerCard } from './card.ts';

export interface Artifact {
  readonly uri: string;
  readonly sha256: string;
  /** The native model beside it. */
  readonly explainer?: { readonly uri: string; readonly sha256: string } | undefined;
}

/** A run by its time, so that names sort by age: `20260102T030000Z`. */
export const runNameOf = (at: number): string => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/**
 * Moves a finished run to where artifacts are kept, and removes the oldest of those that nobody uses.
 *
 * @param inUse sha256 of artifacts that stay
 */
export const publishRun = async (
  run: { readonly name: string; readonly folder: string; readonly card: TrainerCard },
  { root, publish, inUse }: { root: string; publish: TrainerProgram['publish']; inUse: readonly string[] },
): Promise<Artifact> => {
  await mkdir(root, { recursive: true });
  const { file, sha256, native } = run.card.candidate;
  const folder = join(root, `${run.name}-${sha256.slice(0, 8)}`);
  await rm(folder, { recursive: true, force: true });
  // The run may lie on another disk; nobody sees half of it.
  const part = `${root}/.${run.name}`;
  await cp(run.folder, part, { recursive: true });
  await rename(part, folder);
  await rm(run.folder, { recursive: true });
  const kept = [...inUse, sha256].map((digest) => digest.slice(0, 8));
  const old = (await readdir(root))
    .filter((name) => !name.startsWith('.'))
    .sort()
    .slice(0, -publish.keep);
  for (const name of old)
    if (!kept.some((digest) => name.endsWith(`-${digest}`))) await rm(join(root, name), { recursive: true });
  const explainer = native && { uri: join(folder, native.file), sha256: native.sha256 };
  return { uri: join(folder, file), sha256, ...(explainer !== undefined && { explainer }) };
};
