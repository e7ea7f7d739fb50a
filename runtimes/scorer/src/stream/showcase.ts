import type { KeyValueBatch, Ports } from '@groundswell/stores';
import type { Reason } from '@groundswell/wire';
import type { Explained } from './explain.ts';
import type { Publisher } from './publish.ts';
import type { Schedule } from './schedule.ts';
import type { Scored } from './score-posts.ts';
import type { Top } from './top.ts';

/** Ranks that are told why they are where they are. */
const explained = 10;
/** Wall time between two looks, ms: people cannot read faster, and a fast replay would explain what nobody sees. */
const everyMs = 250;

export interface ShowcaseOptions {
  readonly ports: Pick<Ports, 'keyValue' | 'clock'>;
  readonly schedule: Schedule;
  readonly top: Top;
  readonly publisher: Publisher;
  readonly explain: (posts: readonly Explained[]) => Promise<ReadonlyMap<string, readonly Reason[]>>;
}

/** Keeps what is shown beside the scores of the top up to date: reasons of the first ranks, and counts. */
export interface Showcase {
  /** Takes what was scored, after the top has taken it. */
  note(scored: readonly Scored[]): void;
  /** Writes what changed; at once when there is nothing else to do, now and then otherwise. */
  show(given: { readonly isIdle: boolean }): Promise<void>;
}

export const createShowcase = ({ ports, schedule, top, publisher, explain }: ShowcaseOptions): Showcase => {
  /** Posts of the top whose newest score has not been explained yet. */
  const untold = new Map<string, Explained>();
  let shownAt = Number.NEGATIVE_INFINITY;
  let isOld = false;

  /** Those further down wait: they may come up without a new score. */
  const tell = async (batch: KeyValueBatch): Promise<number> => {
    for (const postId of untold.keys()) if (top.rankOf(postId) === -1) untold.delete(postId);
    const first = [...untold.values()].filter(({ postId }) => top.rankOf(postId) < explained);
    if (first.length === 0) return 0;
    for (const { postId } of first) untold.delete(postId);
    for (const [postId, reasons] of await explain(first)) publisher.why(batch, postId, reasons);
    return first.length;
  };
  const count = (batch: KeyValueBatch): number => {
    let changed = 0;
    for (const { postId } of top.list()) {
      const post = schedule.post(postId);
      if (post !== undefined && publisher.reposts(batch, post)) changed++;
    }
    return changed;
  };

  return {
    note: (scored) => {
      for (const { effect, vector, answer } of scored) {
        const { post_id: postId } = effect.post.event;
        if (answer === undefined || Number.isNaN(answer.score) || top.rankOf(postId) === -1) continue;
        isOld = true;
        untold.set(postId, { postId, variant: answer.variant, vector: vector.slice(), score: answer.score });
      }
    },
    show: async ({ isIdle }) => {
      if (isIdle && !isOld) return;
      isOld = true;
      const now = ports.clock.now();
      if (!isIdle && now - shownAt < everyMs) return;
      isOld = false;
      shownAt = now;
      const batch = ports.keyValue.batch();
      if ((await tell(batch)) + count(batch) > 0) await batch.run();
    },
  };
};
