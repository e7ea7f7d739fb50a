import { randomUUID } from 'node:crypto';
import type { ApiProgram } from '@groundswell/graph';
import { ProblemError } from '@groundswell/http';
import type { KeyValue, Producer } from '@groundswell/stores';
import { encodeEvent, keysOf, type OutcomeReport, type PostCard, type SocialEvent } from '@groundswell/wire';

/** A report may be so far ahead of the clock: clocks differ. */
const maxFutureMs = 300_000;

/** What others report of posts, as events of type `outcome`, which label posts and which windows may count. */
export interface Reports {
  /** Resolves when all are in the log; none is where one is not right. @throws ProblemError 400 */
  take(reports: readonly OutcomeReport[]): Promise<void>;
}

interface ReportsOptions {
  readonly keyValue: KeyValue;
  readonly producer: Producer;
  readonly pipeline: string;
  readonly reports: NonNullable<ApiProgram['reports']>;
  readonly now: () => number;
}

export const createReports = ({ keyValue, producer, pipeline, reports, now }: ReportsOptions): Reports => {
  const keys = keysOf(pipeline);
  const { outcomes, events, keyBy } = reports;

  const check = ({ outcome, at }: OutcomeReport, i: number, time: number): void => {
    const cannot = `Cannot take reports[${i}]`;
    const known = outcomes.map((name) => `"${name}"`).join(', ');
    if (!outcomes.includes(outcome))
      throw new ProblemError(400, `${cannot}: no outcome "${outcome}" is taken, one of ${known} is needed`);
    if (at !== undefined && at > time + maxFutureMs)
      throw new ProblemError(400, `${cannot}: its time ${at} is ${at - time} ms ahead, one that has been is needed`);
  };

  /** What is known of the posts that were scored, in one round trip. */
  const cardsOf = async (given: readonly OutcomeReport[]): Promise<readonly (PostCard | undefined)[]> => {
    const batch = keyValue.batch();
    const replies = given.map(({ post_id }) => batch.hashGet(keys.post(post_id), ['card']));
    await batch.run();
    return replies.map((reply) => {
      const [card] = reply.value();
      return card === undefined ? undefined : (JSON.parse(card) as PostCard);
    });
  };

  const eventOf = (report: OutcomeReport, card: PostCard | undefined, time: number): SocialEvent => {
    const { outcome, post_id, value, at = time, author_id = card?.author_id ?? '' } = report;
    return {
      ...{ id: `outcome/${randomUUID()}`, type: 'outcome', at, ingested_at: time, source: 'api', post_id },
      ...{ user_id: author_id, author_id },
      ...(card !== undefined && { posted_at: card.posted_at }),
      ...(card?.tags !== undefined && { tags: card.tags }),
      outcome: { [outcome]: value },
    };
  };

  return {
    take: async (given) => {
      const time = now();
      given.forEach((report, i) => {
        check(report, i, time);
      });
      const cards = await cardsOf(given);
      const made = given.map((report, i) => eventOf(report, cards[i], time));
      const records = made.map((event) => {
        return {
          key: keyBy === 'at' ? String(event.at) : event[keyBy],
          value: encodeEvent(event),
          timestamp: event.at,
        };
      });
      await producer.send(events.name, records);
    },
  };
};
