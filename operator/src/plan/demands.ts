import {
  type Compiled,
  type Demand,
  inForce,
  type Program,
  type RolloutProgram,
  ScorerProgram,
} from '@groundswell/graph';
import { programLabel } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';
import type { Observed } from './observed.ts';

/** The scorer as it was applied last. */
const standingScorer = (name: string, children: readonly KubeObject[]): ScorerProgram | undefined => {
  const configs = children
    .filter(({ kind, metadata }) => kind === 'ConfigMap' && metadata.labels?.[programLabel] === name)
    .sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1));
  const { 'program.json': text } = (configs[0]?.['data'] ?? {}) as { 'program.json'?: string };
  if (text === undefined) return undefined;
  const parsed = ScorerProgram.safeParse(JSON.parse(text));
  return parsed.success ? parsed.data : undefined;
};

/** What the scorer that stands there was given: a rollout that cannot be asked now keeps the shares that it had. */
const standingDemand = (rollout: RolloutProgram, standing: ScorerProgram | undefined): Demand | undefined => {
  const { model, champion, challenger } = rollout;
  const variants = standing?.variants ?? [];
  const rival = variants.find(
    ({ name, artifact }) => name === challenger.name && artifact.sha256 === challenger.sha256,
  );
  // Where it is not compared, either way, it was written before there was a rollout.
  if (rival?.compared === undefined) return undefined;
  const both = variants.filter(({ name }) => name === champion.name || name === challenger.name);
  return {
    model,
    challenger: challenger.sha256,
    shares: Object.fromEntries(both.map(({ name, share }) => [name, share])),
    compared: rival.compared,
    retired: variants.some(({ name }) => name === champion.name) ? [] : [champion.name],
  };
};

/** What a rollout asks for now; it says so itself, unless it speaks of a challenger that is gone. */
const demandOf = (rollout: RolloutProgram, { reports, children }: Observed): Demand | undefined => {
  const told = reports.find(({ program }) => program === rollout.name)?.current.demand;
  if (told?.challenger === rollout.challenger.sha256) return told;
  return standingDemand(rollout, standingScorer(`scorer-${rollout.model}`, children));
};

/** Programs as far as their rollouts have come. What is written says where a rollout goes; it is never changed. */
export const asRolledOut = ({ programs, ...rest }: Compiled, observed: Observed): Compiled => {
  const rollouts = programs.filter((program) => program.kind === 'rollout');
  const following = (program: Program): Program => {
    const rollout = program.kind === 'scorer' && rollouts.find(({ model }) => model === program.model);
    return rollout ? inForce(program as ScorerProgram, demandOf(rollout, observed)) : program;
  };
  return { ...rest, programs: programs.map(following) };
};
