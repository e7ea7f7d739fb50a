import type { Compiled } from '@groundswell/graph';
import { idOf } from './located.ts';

/** What comes with the API of a kind. */
const from = {
  FlinkDeployment: 'the Flink Kubernetes Operator',
  ScaledObject: 'KEDA',
  KafkaTopic: 'Strimzi',
} as const;

const cannot = (kind: keyof typeof from, doing: string): string =>
  `Cannot ${doing}: the cluster has no ${kind}, install ${from[kind]} and it goes on by itself`;

/** By the resource (`Kind/name`): what it waits for that others install. */
export const missingApis = (
  { programs, placements, pipelines }: Pick<Compiled, 'programs' | 'placements' | 'pipelines'>,
  served: ReadonlySet<string>,
): ReadonlyMap<string, readonly string[]> => {
  const found = new Map<string, readonly string[]>();
  for (const { pipeline: name, topics } of pipelines)
    if (topics.by === 'Strimzi' && !served.has('KafkaTopic'))
      found.set(idOf({ kind: 'ViralityPipeline', name }), [cannot('KafkaTopic', 'make topics by Strimzi')]);
  for (const { program: name, owner, autoscaling } of placements) {
    const program = programs.find((one) => one.name === name);
    const needsFlink = program?.kind === 'window' && program.flink !== undefined && !served.has('FlinkDeployment');
    const needsKeda = autoscaling?.by === 'KEDA' && !served.has('ScaledObject');
    const missing = [
      ...(needsFlink ? [cannot('FlinkDeployment', 'run on Flink')] : []),
      ...(needsKeda ? [cannot('ScaledObject', 'scale by KEDA')] : []),
    ];
    if (missing.length > 0) found.set(idOf(owner), missing);
  }
  return found;
};
