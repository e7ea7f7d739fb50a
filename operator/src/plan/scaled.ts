import { type Compiled, groupOf, type Placement, type Program } from '@groundswell/graph';
import type { Scaled } from '../scale/scaler.ts';
import type { Observed } from './observed.ts';
import { workloadOf } from './rollout.ts';

/** Undefined where nothing follows the load, or a HorizontalPodAutoscaler owns the number. */
const ownScaling = ({ autoscaling }: Placement) => (autoscaling?.by === 'Operator' ? autoscaling : undefined);

/** How many pods a program has whose number follows the load: what was decided; what stands there; the least. */
const replicasOf = (placement: Placement, { children, scaling }: Observed) => {
  const { program, replicas } = placement;
  const autoscaling = ownScaling(placement);
  if (autoscaling === undefined) return replicas;
  const { acts, min, max } = autoscaling;
  const decided = acts ? scaling.get(program)?.decision.to : undefined;
  const standing = children.flatMap((child) => workloadOf(child) ?? []);
  const wanted = decided ?? standing.find((workload) => workload.program === program)?.wanted ?? min;
  return Math.min(max, Math.max(min, wanted));
};

/** Placements with their numbers of pods. */
export const withReplicas = (placements: readonly Placement[], observed: Observed): readonly Placement[] =>
  placements.map((placement) => ({ ...placement, replicas: replicasOf(placement, observed) }));

/** What there is to follow and to decide about. */
export const scaledOf = (
  { placements, programs }: Pick<Compiled, 'placements' | 'programs'>,
  { children }: Observed,
): readonly Scaled[] =>
  placements.flatMap((placement) => {
    const { program: name, replicas, suspended } = placement;
    const program = programs.find((one) => one.name === name);
    const autoscaling = ownScaling(placement);
    if (autoscaling === undefined || suspended || program === undefined) return [];
    const topic = topicOf(program);
    if (topic === undefined) return [];
    const { acts, by: _, ...goal } = autoscaling;
    const workload = children.flatMap((child) => workloadOf(child) ?? []).find((one) => one.program === name);
    const group = groupOf(program);
    return [{ program: name, goal, acts, topic, group, replicas: replicas ?? 1, ready: workload?.ready ?? 0 }];
  });

/** Where the work of a program comes from: its records are what a pod takes its time for. */
const topicOf = (program: Program): string | undefined => {
  if (program.kind === 'window') return program.input.topic.name;
  return program.kind === 'feed' && program.work.kind === 'fanOut' ? program.work.jobs.name : undefined;
};
