/** A base and the changes to it in their order, as one writer saved them. */
export interface SavedState {
  /** Of the writer. */
  readonly epoch: number;
  readonly base: Uint8Array;
  readonly changes: readonly Uint8Array[];
}

/** Where the state of one shard lies. */
export interface StatePlace {
  readonly topic: string;
  readonly shard: number;
}

/**
 * The port to the states of shards, each with the offsets that it stands for: a save is there as a whole or not at all, and
 * costs what changed. Whoever takes a shard over saves with a higher epoch; what a lower one saves afterwards is without
 * effect. On Kafka a compacted topic; in the embedded store a part of its journal. One contract suite holds for all.
 */
export interface States {
  /** The newest whole state of each shard that has one: of the highest epoch. */
  load(topic: string, shards: readonly number[]): Promise<ReadonlyMap<number, SavedState>>;
  /** Replaces what was saved of the shard. */
  save(place: StatePlace, epoch: number, base: Uint8Array): Promise<void>;
  /** Adds to what was saved here with this epoch. @throws Error before the first `save` */
  append(place: StatePlace, epoch: number, change: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
