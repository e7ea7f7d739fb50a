import type { FeatureWindow, ViralityPipeline } from '@groundswell/crds';
import type { CompiledKind } from './resource.ts';

type WindowSpec = FeatureWindow['spec'];
type PipelineSpec = ViralityPipeline['spec'];
type Kafka = NonNullable<PipelineSpec['kafka']>;
type Redis = NonNullable<PipelineSpec['redis']>;

export type Resources = NonNullable<WindowSpec['resources']>;
export type PodTemplate = NonNullable<WindowSpec['template']>;
export type PodDefaults = PipelineSpec['pods'];
export type ApiService = NonNullable<PipelineSpec['api']>['service'];
export type ApiIngress = NonNullable<NonNullable<PipelineSpec['api']>['ingress']>;
export type TlsReferences = NonNullable<Kafka['tls']>;

export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly sasl: Kafka['sasl'];
  readonly tls: TlsReferences | undefined;
}

export interface RedisConnection extends Pick<Redis, 'database' | 'usernameRef' | 'passwordRef' | 'sentinelMaster'> {
  readonly addresses: readonly string[];
  readonly cluster: boolean;
  readonly tls: TlsReferences | undefined;
}

/** Who makes the topics of a pipeline, and how safely they keep what is in them. */
export interface TopicsPlacement {
  readonly by: Kafka['topics'];
  /** The Kafka of Strimzi. */
  readonly strimziCluster: string | undefined;
  /** Absent: as the brokers are set up. */
  readonly replicationFactor: number | undefined;
  readonly minInSyncReplicas: number | undefined;
}

/** How fast the number of pods may change in one direction. */
export interface Pace {
  /** How long a need must last, ms. */
  readonly stabilizationMs: number;
  /** Pods at once; undefined: no limit. */
  readonly maxStep: number | undefined;
}

/** A period with more pods at least. */
export interface ScalingSchedule {
  /** Cron, five fields or @hourly and the like. */
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly minReplicas: number;
}

/** How the number of pods follows the load. */
export interface Autoscaling {
  readonly by: 'Operator' | 'HPA' | 'KEDA';
  /** False: it only says what it would do. */
  readonly acts: boolean;
  readonly min: number;
  readonly max: number;
  /** How old a record may be when it is done, ms. */
  readonly freshnessMs: number;
  /** Share of a pod's time that is planned for steady load. */
  readonly utilization: number;
  readonly up: Pace;
  readonly down: Pace;
  readonly schedules: readonly ScalingSchedule[];
}

/** Of what runs by a schedule, and ends. */
export interface JobPlacement {
  /** A run that takes longer is ended, ms. */
  readonly deadlineMs: number;
  /** Finished runs that stay, of those that went well and of those that did not. */
  readonly keepRuns: number;
}

/** How one program runs in a cluster. What a laptop has no use for: it has one process. */
export interface Placement {
  readonly pipeline: string;
  /** Name of the program. */
  readonly program: string;
  /** The resource that it comes from. */
  readonly owner: { readonly kind: CompiledKind; readonly name: string };
  /** No pods; everything else stays, so that it goes on from there. */
  readonly suspended: boolean;
  /** Another number restarts the pods. */
  readonly restartNonce: number;
  readonly replicas: number | undefined;
  /** In place of `replicas`. */
  readonly autoscaling: Autoscaling | undefined;
  readonly image: string | undefined;
  readonly resources: Resources | undefined;
  readonly template: PodTemplate | undefined;
  /** Absent for what runs all the time. */
  readonly job: JobPlacement | undefined;
  /** Of the API. */
  readonly service: ApiService | undefined;
  readonly ingress: ApiIngress | undefined;
}

/** What holds for all programs of a pipeline in a cluster. */
export interface PipelinePlacement {
  readonly pipeline: string;
  /** Another number restarts all pods of the pipeline. */
  readonly restartNonce: number;
  /** Absent: the operator runs a small one, for trying out. */
  readonly kafka: KafkaConnection | undefined;
  readonly topics: TopicsPlacement;
  readonly redis: RedisConnection | undefined;
  readonly pods: PodDefaults;
  /** Made where the Prometheus Operator is installed. */
  readonly podMonitor: boolean;
  readonly logLevel: PipelineSpec['observability']['logLevel'];
}
