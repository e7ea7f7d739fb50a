import { createTurns, jobField, type Origin, type RoundLimits } from '@groundswell/feeds';
import type { Position } from '@groundswell/stores';
import type { FanOutJob } from '@groundswell/wire';
import type { Read } from '../records.ts';
import { isDone, type Shards } from './shards.ts';

/** One post on its way to the followers of one shard. */
export interface Job {
  readonly shard: number;
  readonly author: string;
  readonly post: string;
  /** When the post was accepted, wall time in ms. */
  readonly at: number;
  readonly origin: Origin;
  readonly offset: bigint;
  /** When it was planned. */
  readonly followers: number;
  /** Followers that are left, as far as is known. */
  left: number;
  done: boolean;
}

/** All jobs that were read and not committed yet, and whose turn it is. */
export interface Jobs {
  /** Jobs that have followers left. */
  readonly open: number;
  take(records: readonly Read<FanOutJob>[]): void;
  round(limits: RoundLimits<Job>): readonly Job[];
  finish(job: Job): void;
  /** After the state of a shard was read anew. */
  recheck(shard: number): void;
  /** Forgets a partition. Answers the shards that were in it. */
  revoke(partition: number): readonly number[];
  /** Takes out what is done up to the first job that is not: its origins by shard, and where to go on. */
  finished(): Finished;
  /** Posts that have not reached all followers, and how many of those have them and have not. */
  inFlight(): InFlight;
}

export interface InFlight {
  readonly posts: number;
  readonly done: number;
  readonly left: number;
}

interface Finished {
  readonly origins: ReadonlyMap<number, readonly Origin[]>;
  readonly positions: readonly Position[];
}

const jobOf = ({ offset, record }: Read<FanOutJob>): Job => {
  const { shard, author_id, post_id, at, followers, origin } = record;
  const [partition, from] = origin;
  return {
    ...{ shard, author: author_id, post: post_id, at, origin: { partition, offset: BigInt(from) }, offset },
    followers: Math.max(1, followers),
    left: Math.max(1, followers),
    done: false,
  };
};

const nameOf = ({ shard, origin }: Job): string => `${shard}/${jobField(origin)}`;

export const createJobs = (topic: string, shards: Shards): Jobs => {
  const partitions = new Map<number, { jobs: Job[]; next: bigint }>();
  const turns = createTurns<Job>();
  const open = new Map<string, Job>();

  const close = (job: Job): void => {
    job.done = true;
    job.left = 0;
    turns.remove(job.author, job);
    open.delete(nameOf(job));
  };
  const add = (read: Read<FanOutJob>): void => {
    const job = jobOf(read);
    const partition = partitions.get(read.partition) ?? { jobs: [], next: 0n };
    partitions.set(read.partition, partition);
    partition.jobs.push(job);
    partition.next = read.offset + 1n;
    // Planned twice: what comes first is committed first, so this one has nothing to do.
    if (open.has(nameOf(job)) || isDone(shards.cursorOf(job.shard, job.origin))) {
      job.done = true;
      return;
    }
    open.set(nameOf(job), job);
    turns.add(job.author, job);
  };
  return {
    get open() {
      return turns.size;
    },
    take: (records) => {
      for (const record of records) add(record);
    },
    round: turns.round,
    finish: close,
    recheck: (shard) => {
      for (const job of open.values())
        if (job.shard === shard && isDone(shards.cursorOf(shard, job.origin))) close(job);
    },
    revoke: (partition) => {
      const jobs = partitions.get(partition)?.jobs ?? [];
      for (const job of jobs) if (!job.done) close(job);
      partitions.delete(partition);
      return [...new Set(jobs.map(({ shard }) => shard))];
    },
    finished: () => {
      const origins = new Map<number, Origin[]>();
      const positions: Position[] = [];
      for (const [partition, { jobs, next }] of partitions) {
        const first = jobs.findIndex(({ done }) => !done);
        const done = jobs.splice(0, first === -1 ? jobs.length : first);
        for (const job of done) {
          const own = origins.get(job.shard);
          if (own === undefined) origins.set(job.shard, [job.origin]);
          else own.push(job.origin);
        }
        positions.push({ topic, partition, offset: jobs[0]?.offset ?? next });
      }
      return { origins, positions };
    },
    inFlight: () => {
      const posts = new Set<string>();
      let [done, left] = [0, 0];
      for (const job of open.values()) {
        posts.add(job.post);
        left += job.left;
        done += Math.max(0, job.followers - job.left);
      }
      return { posts: posts.size, done, left };
    },
  };
};
