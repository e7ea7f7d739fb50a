import { annotations } from '@groundswell/crds';
import { nameOf, type Seen, type SeenModel } from './resource.ts';

/** A change of a resource that a person asks for. */
interface Wish {
  /** Merge patch. */
  readonly patch: object;
  /** What was asked for, as it is said to the person. */
  readonly said: string;
}

export type WishName = 'pause' | 'resume' | 'promote' | 'abort';

const annotated = (name: string, value: string): object => ({ metadata: { annotations: { [name]: value } } });

/** The model, and the digest of what its rollout wants to promote. */
const rollingOut = (verb: string, seen: Seen): { readonly model: SeenModel; readonly challenger: string } => {
  if (seen.kind !== 'ScoringModel')
    throw new Error(`Cannot ${verb} ${nameOf(seen)}: only models have rollouts, a ScoringModel is needed`);
  const { rollout, variants } = seen.spec;
  if (rollout === undefined)
    throw new Error(`Cannot ${verb} ${nameOf(seen)}: it has no rollout, spec.rollout is needed`);
  const written = variants?.find(({ name }) => name === rollout.challenger)?.artifact.sha256;
  const challenger = seen.status?.rollout?.challengerSha256 ?? written;
  if (challenger !== undefined) return { model: seen, challenger };
  throw new Error(
    `Cannot ${verb} ${nameOf(seen)}: its challenger "${rollout.challenger}" has no artifact yet, one is needed`,
  );
};

const promote = (seen: Seen, now: number): Wish => {
  const { model, challenger } = rollingOut('promote', seen);
  const rollout = model.status?.rollout;
  // The text names artifact and step, as the action in Argo CD does, so that twice is once. Of a rollout that nothing is
  // known of each word counts.
  const step = rollout?.step ?? new Date(now).toISOString();
  const wait = rollout === undefined ? 'the wait that it stands at' : `step ${rollout.step} (${rollout.doing})`;
  return {
    patch: annotated(annotations.promote, `${challenger}@${step}`),
    said: `${nameOf(seen)}: asked for ${challenger.slice(0, 12)} to pass ${wait}`,
  };
};

const abort = (seen: Seen): Wish => {
  const { challenger } = rollingOut('abort', seen);
  return {
    patch: annotated(annotations.abort, challenger),
    said: `${nameOf(seen)}: asked for ${challenger.slice(0, 12)} to be given up; it is not tried again`,
  };
};

const makers: Readonly<Record<WishName, (seen: Seen, now: number) => Wish>> = {
  pause: (seen) => ({
    patch: { spec: { suspend: true } },
    said: `${nameOf(seen)}: asked for its pods to stop; its state is kept`,
  }),
  resume: (seen) => ({
    patch: { spec: { suspend: false } },
    said: `${nameOf(seen)}: asked for its pods to go on from where they stopped`,
  }),
  promote,
  abort,
};

/**
 * @param now ms since 1970
 * @throws Error where the wish makes no sense for the resource
 */
export const wishFor = (name: WishName, seen: Seen, now: number): Wish => makers[name](seen, now);
