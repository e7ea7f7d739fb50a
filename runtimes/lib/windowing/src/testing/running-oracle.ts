import type { Values } from '../aggregation.ts';
import type { RunningShape } from '../shape.ts';
import type { WindowerOptions } from '../windower.ts';
import type { Input, Post } from './inputs.ts';
import { keysOf, resultsOf } from './oracle.ts';

export type RunningOptions = WindowerOptions<Post> & { readonly shape: RunningShape };

interface Held {
  /** In the order in which they came. */
  inTotal: readonly Post[];
  ahead: readonly Post[];
}

/** Goes through all ticks one by one, and looks at all events for each. Answers what the store should hold for each key. */
export const runningTruthOf = (options: RunningOptions, inputs: readonly Input[]): ReadonlyMap<string, Values> => {
  const { everyMs } = options.shape;
  const forgetAfterMs = options.shape.kind === 'global' ? options.shape.forgetAfterMs : undefined;
  const held = new Map<string, Held>();
  const came = new Map(inputs.flatMap((input, i) => (input.kind === 'event' ? [[input.post, i] as const] : [])));
  let fired = -Infinity;
  const tick = (at: number): void => {
    fired = at;
    for (const one of held.values()) {
      const entering = one.ahead.filter((post) => post.at < at * everyMs);
      one.ahead = one.ahead.filter((post) => post.at >= at * everyMs);
      one.inTotal = [...one.inTotal, ...entering];
      const newest = Math.max(-Infinity, ...one.inTotal.map((post) => post.at));
      if (entering.length > 0) continue;
      if (forgetAfterMs !== undefined && newest + forgetAfterMs <= at * everyMs) one.inTotal = [];
    }
  };
  const first = Math.min(...[...came.keys()].map(({ at }) => Math.floor(at / everyMs)));
  const reach = (watermark: number): void => {
    const to = Math.floor((watermark + 1) / everyMs);
    if (Number.isFinite(to)) for (let at = Math.max(fired + 1, Math.min(first, to)); at <= to; at++) tick(at);
  };
  walk(options, inputs, {
    onWatermark: reach,
    onEvent: (key, post) => {
      const one = held.get(key) ?? { inTotal: [], ahead: [] };
      held.set(key, one);
      if (post.at < fired * everyMs) one.inTotal = [...one.inTotal, post];
      else one.ahead = [...one.ahead, post];
    },
  });
  return new Map(
    [...held].flatMap(([key, { inTotal }]) => {
      const inOrder = inTotal.toSorted((a, b) => came.get(a)! - came.get(b)!);
      return inTotal.length === 0 ? [] : [[key, resultsOf(options.aggregations, inOrder)] as const];
    }),
  );
};

/** Key → how many events there are at the newest tick, each as its age leaves it. */
export const decayedCount = (options: RunningOptions, inputs: readonly Input[]): ReadonlyMap<string, number> => {
  const { shape } = options;
  if (shape.kind !== 'decay') throw new TypeError('It does not fade');
  const posts: { readonly key: string; readonly at: number }[] = [];
  let watermark = -Infinity;
  walk(options, inputs, {
    onWatermark: (to) => {
      watermark = to;
    },
    onEvent: (key, { at }) => posts.push({ key, at }),
  });
  const now = Math.floor((watermark + 1) / shape.everyMs) * shape.everyMs;
  const counts = new Map<string, number>();
  for (const { key, at } of posts)
    if (at < now) counts.set(key, (counts.get(key) ?? 0) + 2 ** (-(now - at) / shape.halfLifeMs));
  return counts;
};

interface Walk {
  onWatermark(watermark: number): void;
  onEvent(key: string, post: Post): void;
}

const walk = (options: RunningOptions, inputs: readonly Input[], { onWatermark, onEvent }: Walk): void => {
  const promises = new Map<number, number>();
  let watermark = -Infinity;
  const promise = (partition: number, to: number): void => {
    promises.set(partition, Math.max(promises.get(partition) ?? -Infinity, to));
    const before = watermark;
    watermark = Math.max(watermark, Math.min(...promises.values()));
    if (watermark > before) onWatermark(watermark);
  };
  for (const input of inputs) {
    if (input.kind === 'partitions') for (const partition of input.partitions) promise(partition, -Infinity);
    if (input.kind === 'watermark') promise(input.partition, input.watermark);
    if (input.kind !== 'event') continue;
    const { post } = input;
    if (options.where?.(post) ?? true) for (const key of keysOf(options, post)) onEvent(JSON.stringify(key), post);
    promise(input.partition, post.at - options.maxOutOfOrdernessMs);
  }
};
