import type { Values } from '../aggregation.ts';
import type { SessionShape } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';
import type { Input, Post } from './inputs.ts';
import { keysOf, resultsOf } from './oracle.ts';

export type SessionOptions = WindowerOptions<Post> & { readonly shape: SessionShape };

/** Sessions by the definition: each is a list of its events, and every event is held against each of them. */
export interface SessionTruth {
  readonly watermark: number;
  readonly outcomes: readonly ('aggregated' | 'late' | 'filtered')[];
  /** Key → end → values of the sessions that are over; without those that became part of others. */
  readonly over: ReadonlyMap<string, ReadonlyMap<number, Values>>;
}

/** In the order in which they were taken. */
type Session = readonly Post[];

export const sessionTruthOf = (options: SessionOptions, inputs: readonly Input[]): SessionTruth => {
  const { gapMs, maxMs = Infinity } = options.shape;
  const inOrder = maxMs < Infinity;
  const sessions = new Map<string, readonly Session[]>();
  const promises = new Map<number, number>();
  let waiting: { readonly key: string; readonly post: Post }[] = [];
  let watermark = -Infinity;
  const promise = (partition: number, to: number): void => {
    promises.set(partition, Math.max(promises.get(partition) ?? -Infinity, to));
    watermark = Math.max(watermark, Math.min(...promises.values()));
  };
  const startOf = (session: Session): number => Math.min(...session.map(({ at }) => at));
  const lastOf = (session: Session): number => Math.max(...session.map(({ at }) => at));
  const endOf = (session: Session): number => Math.min(lastOf(session) + gapMs, startOf(session) + maxMs);
  const isClosed = (session: Session): boolean => endOf(session) - 1 + options.allowedLatenessMs <= watermark;
  const fits = (session: Session): boolean => lastOf(session) - startOf(session) < maxMs;

  /** Answers whether it was in time. `usable`: whether a session can still be joined. */
  const put = (key: string, post: Post, usable: (session: Session) => boolean): boolean => {
    const all = sessions.get(key) ?? [];
    const touched = all
      .filter(usable)
      .filter((session) => startOf(session) - gapMs <= post.at && lastOf(session) + gapMs >= post.at)
      .toSorted((a, b) => startOf(b) - startOf(a));
    const [first] = touched.filter((session) => fits([...session, post]));
    const joined = first === undefined ? [] : [first];
    const next = first && touched[touched.indexOf(first) + 1];
    if (first && next && fits([...first, ...next, post])) joined.push(next);
    const session = [...joined.flat(), post];
    if (isClosed(session)) return false;
    sessions.set(key, [...all.filter((one) => !joined.includes(one)), session]);
    return true;
  };
  const release = (): void => {
    const due = waiting.filter(({ post }) => post.at <= watermark).toSorted((a, b) => a.post.at - b.post.at);
    waiting = waiting.filter(({ post }) => post.at > watermark);
    for (const { key, post } of due) forced(key, post);
  };
  /** It came in time, whatever the watermark is now. */
  const forced = (key: string, post: Post): void => {
    const now = watermark;
    watermark = -Infinity;
    put(key, post, (session) => endOf(session) > post.at);
    watermark = now;
  };
  const take = (post: Post): 'aggregated' | 'late' | 'filtered' => {
    const keys = keysOf(options, post).map((key) => JSON.stringify(key));
    if ((options.where && !options.where(post)) || keys.length === 0) return 'filtered';
    if (inOrder && post.at > watermark) {
      waiting.push(...keys.map((key) => ({ key, post })));
      return 'aggregated';
    }
    release();
    return keys.map((key) => put(key, post, (session) => !isClosed(session))).includes(true) ? 'aggregated' : 'late';
  };
  const outcomes: ('aggregated' | 'late' | 'filtered')[] = [];
  for (const input of inputs) {
    if (input.kind === 'partitions') for (const partition of input.partitions) promise(partition, -Infinity);
    if (input.kind === 'watermark') promise(input.partition, input.watermark);
    if (input.kind !== 'event') continue;
    outcomes.push(take(input.post));
    promise(input.partition, input.post.at - options.maxOutOfOrdernessMs);
  }
  release();
  const came = new Map(inputs.flatMap((input, i) => (input.kind === 'event' ? [[input.post, i] as const] : [])));
  const valuesOf = (session: Session): Values =>
    resultsOf(
      options.aggregations,
      session.toSorted((a, b) => came.get(a)! - came.get(b)!),
    );
  const over = [...sessions].map(([key, all]) => {
    const ended = all.filter((session) => endOf(session) - 1 <= watermark);
    return [key, new Map(ended.map((session) => [endOf(session), valuesOf(session)]))] as const;
  });
  return { watermark, outcomes, over: new Map(over) };
};
