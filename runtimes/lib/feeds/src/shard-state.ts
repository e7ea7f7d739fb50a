/**
 * How far the fan-out of a shard has come, as it stands in one hash of the store:
 *
 *     owner                     epoch of the worker that may write
 *     f:<source partition>      every job of posts up to this offset is done
 *     j:<partition>:<offset>    cursor of the job of this post: a number, or `done`
 *
 * A page of followers and the cursor behind it are written as one, so a job goes on behind its last page whoever does it.
 */
export interface ShardState {
  readonly owner: string | undefined;
  readonly floors: ReadonlyMap<number, bigint>;
  readonly cursors: ReadonlyMap<string, string>;
}

/** Where a post stood in the topic: names its job in each shard. */
export interface Origin {
  readonly partition: number;
  readonly offset: bigint;
}

export const ownerField = 'owner';
const floorField = (partition: number): string => `f:${partition}`;
export const jobField = ({ partition, offset }: Origin): string => `j:${partition}:${offset}`;

/** The cursor of a job whose followers all have the post. */
export const doneCursor = 'done';

export const parseShardState = (fields: Readonly<Record<string, string>>): ShardState => {
  const floors = new Map<number, bigint>();
  const cursors = new Map<string, string>();
  for (const [field, text] of Object.entries(fields)) {
    if (field.startsWith('f:')) floors.set(Number(field.slice(2)), BigInt(text));
    else if (field.startsWith('j:')) cursors.set(field, text);
  }
  return { owner: fields[ownerField], floors, cursors };
};

/** The cursor that a job goes on from: undefined for one that was not begun. */
export const cursorOf = ({ floors, cursors }: ShardState, origin: Origin): string | undefined => {
  const floor = floors.get(origin.partition);
  return floor !== undefined && origin.offset <= floor ? doneCursor : cursors.get(jobField(origin));
};

export interface Settled {
  /** Fields to set. */
  readonly floors: Readonly<Record<string, string>>;
  /** Fields to delete. */
  readonly jobs: readonly string[];
}

/** Jobs of one shard that are done, as are all before them in the topic, become floors. */
export const settle = (origins: readonly Origin[]): Settled => {
  const floors = new Map<number, bigint>();
  for (const { partition, offset } of origins)
    if (offset > (floors.get(partition) ?? -1n)) floors.set(partition, offset);
  return {
    floors: Object.fromEntries([...floors].map(([partition, offset]) => [floorField(partition), String(offset)])),
    jobs: origins.map(jobField),
  };
};
