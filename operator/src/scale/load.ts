/** One partition of what a program reads. */
export interface PartitionLoad {
  readonly partition: number;
  /** Records between what was taken (or the start, where retention has gone past that) and the end. undefined: not known. */
  readonly lag: number | undefined;
  /** It has records, and none of them was taken for a while although pods are ready: more pods would not help. */
  readonly stuck: boolean;
}

/** What is known at one look. Unknown is undefined, and never counts as zero. */
export interface Load {
  /** ms, of any clock that does not jump. */
  readonly at: number;
  /** Pods that were asked for, and those that are ready. */
  readonly replicas: number;
  readonly ready: number;
  /** Records that came in a second, over all partitions. */
  readonly arrivals: number | undefined;
  readonly partitions: readonly PartitionLoad[];
  /** Time that a pod works on one record, ms. */
  readonly serviceMs: number | undefined;
}
