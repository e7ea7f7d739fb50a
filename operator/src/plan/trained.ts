import {
  type Compiled,
  type Program,
  type Proposal,
  rolloutWith,
  scorerWith,
  type TrainerProgram,
} from '@groundswell/graph';
import { TrainingState, trainingStateKey } from '@groundswell/wire';
import { stateNameOf } from '../children/names.ts';
import type { KubeObject } from '../engine/kube/objects.ts';

/** What a trainer has written down of itself; undefined before its first run has ended. */
export const trainingStateOf = (
  trainer: TrainerProgram,
  children: readonly KubeObject[],
): TrainingState | undefined => {
  const name = stateNameOf(trainer);
  const found = children.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name);
  const text = ((found?.['data'] ?? {}) as Readonly<Record<string, string>>)[trainingStateKey];
  if (text === undefined) return undefined;
  const parsed = TrainingState.safeParse(parsedJson(text));
  return parsed.success ? parsed.data : undefined;
};

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

/** Programs with the artifacts that their trainers have proposed, where a resource lets them. */
export const asTrained = <C extends Pick<Compiled, 'programs'>>(compiled: C, children: readonly KubeObject[]): C => {
  const proposals = compiled.programs.flatMap((program): readonly Proposal[] => {
    if (program.kind !== 'trainer' || program.publish.proposeAs === undefined) return [];
    const state = trainingStateOf(program, children);
    return state === undefined ? [] : [{ model: program.model, artifacts: state.proposed }];
  });
  if (proposals.length === 0) return compiled;
  const trained = (program: Program): Program => {
    if (program.kind !== 'scorer' && program.kind !== 'rollout') return program;
    const proposal = proposals.find(({ model }) => model === program.model);
    return program.kind === 'scorer' ? scorerWith(program, proposal) : rolloutWith(program, proposal);
  };
  return { ...compiled, programs: compiled.programs.map(trained) };
};
