/**
 * Where a program keeps its state and the offsets that it stands for: saved as one, or not at all.
 * On Kafka a compacted changelog topic; in the embedded store a part of its journal.
 */
export interface Checkpoints {
  /** The newest whole checkpoint, or undefined for a first start. */
  load(name: string): Promise<Uint8Array | undefined>;
  save(name: string, state: Uint8Array): Promise<void>;
  close(): Promise<void>;
}
