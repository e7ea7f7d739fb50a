import type { PipelineStatus, ProgramStatus } from '@groundswell/wire';

/** Programs that do the same kind of work, in the order in which an event passes them. */
export interface Stage {
  readonly name: string;
  readonly programs: readonly ProgramStatus[];
}

const order = [
  { kind: 'ingest', name: 'Sources' },
  { kind: 'window', name: 'Windows' },
  { kind: 'scorer', name: 'Models' },
  { kind: 'rollout', name: 'Rollouts' },
  { kind: 'trainer', name: 'Training' },
  { kind: 'feed', name: 'Timelines' },
  { kind: 'recommender', name: 'Recommendations' },
  { kind: 'alert', name: 'Alerts' },
  { kind: 'api', name: 'API' },
] as const;

/** Stages that there are. A kind that is not known yet comes last, under its own name. */
export const stagesOf = ({ programs }: PipelineStatus): readonly Stage[] => {
  const known: readonly string[] = order.map(({ kind }) => kind);
  const others = [...new Set(programs.map(({ kind }) => kind))].filter((kind) => !known.includes(kind));
  return [...order, ...others.map((kind) => ({ kind, name: kind }))]
    .map(({ kind, name }) => ({ name, programs: programs.filter((program) => program.kind === kind) }))
    .filter((stage) => stage.programs.length > 0);
};

/** In the order in which an event passes them. */
const passed = ['ingest', 'rekey', 'window', 'features', 'score', 'sink', 'alert'];

/** What programs say of how long their stages take, in the order of the stages. */
export const latenciesOf = (programs: readonly ProgramStatus[]) =>
  programs
    .flatMap(({ name, stages = [] }) => stages.map((stage) => ({ ...stage, program: name })))
    .sort((a, b) => passed.indexOf(a.stage) - passed.indexOf(b.stage));
