import type { TrainerProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { keysOf, RolloutStatus } from '@groundswell/wire';
import type { Artifact } from './artifacts.ts';

/** Artifacts in force instead of those that the resource names, by variant. */
export type Proposed = Readonly<Record<string, Artifact>>;

/** The program with the variant to beat as it is in force. */
export const withChampion = (program: TrainerProgram, proposed: Proposed): TrainerProgram => {
  const { champion } = program;
  if (champion === undefined) return program;
  return { ...program, champion: { ...champion, artifact: proposed[champion.name] ?? champion.artifact } };
};

/** sha256 of artifacts that are in force, or wait to be proposed: they stay where they are published. */
export const inUseOf = (proposed: Proposed, candidate: Artifact | undefined): readonly string[] =>
  [...Object.values(proposed), ...(candidate === undefined ? [] : [candidate])].map(({ sha256 }) => sha256);

/** Where the rollout of the model is; undefined where there was none yet. */
export const readRollout = async (
  { pipeline, model }: TrainerProgram,
  keyValue: KeyValue,
): Promise<RolloutStatus | undefined> => {
  const batch = keyValue.batch();
  const found = batch.hashGet(keysOf(pipeline).rollout(model), ['status']);
  await batch.run();
  const [text] = found.value();
  return typeof text === 'string' ? RolloutStatus.parse(JSON.parse(text)) : undefined;
};

/**
 * What is in force once a candidate is proposed: it takes the challenger's place, and where the challenger before it was
 * promoted, that one is the champion now. Undefined while a rollout still goes on: a candidate each hour would else leave
 * none of them the time to be judged.
 */
export const propose = (
  { champion, publish: { proposeAs } }: TrainerProgram,
  { candidate, before, rollout }: { candidate: Artifact; before: Proposed; rollout: RolloutStatus | undefined },
): Proposed | undefined => {
  if (proposeAs === undefined || champion === undefined) return undefined;
  const incumbent = before[champion.name] ?? champion.artifact;
  const rival = before[proposeAs.name] ?? proposeAs.artifact;
  const next = { ...before, [proposeAs.name]: candidate };
  // Nothing was to be judged.
  if (rival.sha256 === incumbent.sha256) return next;
  // What it says of another challenger was said before the last proposal.
  if (rollout?.challenger.sha256 !== rival.sha256) return undefined;
  if (rollout.phase === 'Promoted') return { ...next, [champion.name]: rival };
  return rollout.phase === 'Aborted' ? next : undefined;
};
