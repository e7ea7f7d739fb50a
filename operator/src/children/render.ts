import { type Compiled, type PipelinePlacement, type Placement, type Program, topicsOnKafka } from '@groundswell/graph';
import type { Child } from './child.ts';
import { flinkObjectsOf, isFlinkChild } from './flink.ts';
import { kafkaTopicsOf } from './kafka-topic.ts';
import { networkPoliciesOf } from './network-policy.ts';
import type { KubernetesObject, Owner } from './objects.ts';
import { podAutoscalerOf } from './pod-autoscaler.ts';
import { podMonitorOf } from './pod-monitor.ts';
import { scaledObjectOf } from './scaled-object.ts';
import { stateClaimOf } from './state-volume.ts';
import { isTrainingChild, trainingObjectsOf } from './training.ts';
import { trialServersOf } from './trial.ts';
import {
  configAccessOf,
  configMapOf,
  deploymentOf,
  disruptionBudgetOf,
  ingressOf,
  serviceAccountOf,
  serviceOf,
} from './workload.ts';

export interface Images {
  /** Of all programs that run on Node. */
  readonly programs: string;
  /** What trains, in Python. */
  readonly trainer: string;
  readonly kafka: string;
  readonly redis: string;
}

export const defaultImages: Images = {
  programs: 'groundswell',
  trainer: 'groundswell-trainer',
  kafka: 'apache/kafka:4.1.1',
  redis: 'redis:8.2-alpine',
};

export interface RenderOptions {
  readonly namespace: string;
  readonly images?: Images;
  /** Where the API server is, as CIDRs. Absent or none: anywhere. */
  readonly apiServer?: readonly string[];
  /** Kinds of others that the cluster has, of those that are made only where there are such. Absent: not known, and none. */
  readonly served?: ReadonlySet<string>;
  /** The reference to a resource that its objects carry. Absent: none, where objects are only printed. */
  readonly ownerOf?: (resource: Placement['owner']) => Owner | undefined;
}

type Renderable = Pick<Compiled, 'programs' | 'placements' | 'pipelines'>;

/**
 * The Kubernetes objects that run the programs, in the order in which they should be applied. Equal programs give equal
 * objects.
 */
export const renderPrograms = (compiled: Renderable, options: RenderOptions): readonly KubernetesObject[] => [
  ...compiled.pipelines.flatMap((pipeline) => renderPipeline(pipeline, compiled, options)),
  ...compiled.programs.flatMap((program) => childOf(program, compiled, options)).flatMap(renderProgram),
];

const renderPipeline = (
  pipeline: PipelinePlacement,
  compiled: Renderable,
  options: RenderOptions,
): readonly KubernetesObject[] => {
  const { namespace, images = defaultImages, ownerOf, served, apiServer = [] } = options;
  const owner = ownerOf?.({ kind: 'ViralityPipeline', name: pipeline.pipeline });
  const programs = compiled.programs.filter((program) => program.pipeline === pipeline.pipeline);
  return [
    ...networkPoliciesOf({ pipeline, programs, namespace, owner, apiServer }),
    ...trialServersOf({ pipeline, namespace, owner, images }),
    // Where it is not known, they are printed.
    ...(served?.has('KafkaTopic') === false
      ? []
      : kafkaTopicsOf({ pipeline, topics: topicsOnKafka(programs), namespace })),
    ...(served?.has('PodMonitor') === true ? podMonitorOf({ pipeline, namespace, owner }) : []),
  ];
};

const childOf = (program: Program, compiled: Renderable, options: RenderOptions): readonly Child[] => {
  const { namespace, images = defaultImages, ownerOf } = options;
  const placement = compiled.placements.find(
    (one) => one.pipeline === program.pipeline && one.program === program.name,
  );
  const pipeline = compiled.pipelines.find((one) => one.pipeline === program.pipeline);
  // Without them, it was not compiled for a cluster.
  if (placement === undefined || pipeline === undefined) return [];
  const siblings = compiled.programs.filter((one) => one.pipeline === program.pipeline);
  const owner = ownerOf?.(placement.owner);
  const { programs: image, trainer: trainerImage } = images;
  return [{ program, placement, pipeline, siblings, namespace, image, trainerImage, owner }];
};

const renderProgram = (child: Child): readonly KubernetesObject[] => {
  if (isFlinkChild(child)) return flinkObjectsOf(child);
  return isTrainingChild(child) ? trainingObjectsOf(child) : podsOf(child);
};

const podsOf = (child: Child): readonly KubernetesObject[] => [
  ...serviceAccountOf(child),
  configMapOf(child),
  ...configAccessOf(child),
  ...stateClaimOf(child),
  deploymentOf(child),
  ...podAutoscalerOf(child),
  ...scaledObjectOf(child),
  ...disruptionBudgetOf(child),
  ...serviceOf(child),
  ...ingressOf(child),
];
