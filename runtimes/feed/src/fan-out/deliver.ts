import { doneCursor, entryText, jobField, ownerField } from '@groundswell/feeds';
import type { FanOutSettings } from '@groundswell/graph';
import type { FanPage, KeyValue, KeyValueBatch, Reply } from '@groundswell/stores';
import { feedKeysOf } from '@groundswell/wire';
import type { Job, Jobs } from './jobs.ts';
import { isDone, type Shards } from './shards.ts';

export interface Delivered {
  readonly pages: number;
  /** Followers that were come to, whether they keep a timeline or not. */
  readonly followers: number;
  /** Jobs that ended. */
  readonly ended: readonly Job[];
}

interface Parts {
  readonly pipeline: string;
  readonly keyValue: KeyValue;
  readonly jobs: Jobs;
  readonly shards: Shards;
}

/** One round trip: a page of followers for each job whose turn it is. */
export const createDelivery = ({ pipeline, keyValue, jobs, shards }: Parts) => {
  const keys = feedKeysOf(pipeline);

  const queue = (batch: KeyValueBatch, job: Job, { page, length }: FanOutSettings): Reply<FanPage | undefined> => {
    const { shard, author, post, origin } = job;
    return batch.listFan({
      key: keys.shard(shard),
      guard: { field: ownerField, value: shards.ownerOf(shard) },
      cursor: { field: jobField(origin), from: shards.cursorOf(shard, origin), done: doneCursor },
      members: keys.followers(shard, author),
      count: page,
      listPrefix: keys.timelinePrefix(shard),
      value: entryText({ id: Number(post), author }),
      keep: length,
    });
  };
  /** Somebody else has written: what there is now is the truth. */
  const lookAgain = async (lost: readonly number[]): Promise<void> => {
    for (const shard of lost) shards.drop(shard);
    await shards.own(lost);
    for (const shard of lost) jobs.recheck(shard);
  };

  return async (settings: FanOutSettings): Promise<Delivered> => {
    const { page, batch: budget, maxPerAccount } = settings;
    const round = jobs.round({ budget, maxPerAccount, costOf: ({ left }) => Math.min(left, page) });
    const batch = keyValue.batch();
    const sent = round.map((job) => ({ job, reply: queue(batch, job, settings) }));
    await batch.run();
    const lost = new Set<number>();
    const ended: Job[] = [];
    let followers = 0;
    for (const { job, reply } of sent) {
      const answer = reply.value();
      if (answer === undefined) {
        lost.add(job.shard);
        continue;
      }
      followers += answer.members;
      job.left = Math.max(1, job.left - answer.members);
      shards.moved(job.shard, job.origin, answer.cursor);
      if (!isDone(answer.cursor)) continue;
      jobs.finish(job);
      ended.push(job);
    }
    if (lost.size > 0) await lookAgain([...lost]);
    return { pages: sent.length, followers, ended };
  };
};
