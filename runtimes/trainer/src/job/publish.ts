import type { TrainerProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import type { TrainingState } from '@groundswell/wire';
import { type Artifact, publishRun, runNameOf } from '../artifacts.ts';
import type { TrainerCard } from '../card.ts';
import { inUseOf, propose, readRollout } from '../proposal.ts';
import { finish } from '../run-trainer.ts';
import { outOf } from './collect.ts';
import { shelfIn } from './mounted.ts';

export interface PublishOptions {
  readonly keyValue: KeyValue;
  readonly state: TrainingState | undefined;
  readonly folder: string;
  readonly mounts: string;
  /** Wall time, ms. */
  readonly now: number;
}

/** Long explanations would not fit into the status of a resource. */
const maxMessage = 2_000;

const publishArtifact = (
  program: TrainerProgram,
  card: TrainerCard,
  { state, folder, mounts, now }: PublishOptions,
): Promise<Artifact> =>
  publishRun(
    program,
    { name: runNameOf(now), folder: outOf(folder), card },
    {
      access: { directory: '/', mounts },
      shelf: () => shelfIn(mounts, program),
      inUse: inUseOf(state?.proposed ?? {}, state?.candidate),
    },
  );

/** Publishes what the trainer made, if it passed, and proposes it as challenger, if none is judged now. Answers what is known then. */
export const publish = async (program: TrainerProgram, options: PublishOptions): Promise<TrainingState> => {
  const { keyValue, state, folder, now } = options;
  const card = await finish(outOf(folder));
  const { result, rows, positives } = card;
  const artifact = result === 'Published' ? await publishArtifact(program, card, options) : undefined;
  const run = {
    ...{ at: now, result, message: card.message.slice(0, maxMessage), rows, positives },
    auc: card.candidate.holdout.Auc,
    ...(artifact !== undefined && { artifact }),
  };
  const before = state?.proposed ?? {};
  const candidate = artifact ?? state?.candidate;
  const rollout = await readRollout(program, keyValue);
  const proposed = candidate && propose(program, { candidate, before, rollout });
  if (proposed !== undefined) return { run, proposed };
  return { run, proposed: before, ...(candidate !== undefined && { candidate }) };
};
