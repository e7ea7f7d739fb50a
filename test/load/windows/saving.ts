import { createWindower } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';
import { type Query, slicesOf } from './queries.ts';

const event = (i: number, at: number): SocialEvent => ({
  ...{ id: '', type: 'like', at, ingested_at: 0, source: 'bench', post_id: `p${i}`, user_id: `u${i}`, author_id: '' },
});

/** CPU time of this process, so that what else the machine does weighs little. */
const msOf = <T>(work: () => T): readonly [ms: number, done: T] => {
  const before = process.cpuUsage();
  const done = work();
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1_000, done];
};

export interface Saved {
  readonly allMs: number;
  readonly allBytes: number;
  /** Of one save in which `changing` keys changed; the middle one of several. */
  readonly changesMs: number;
  readonly changesBytes: number;
  readonly keysPerSecond: number;
}

const middle = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[numbers.length >> 1]!;

/** Saves and restores a window of so many keys with two panes each, of which so many change between saves. */
export const timeSaves = (query: Query, keys: number, changing: number): Saved => {
  const { everyMs } = slicesOf(query);
  const windower = createWindower(query.options);
  const settle = (): void => {
    windower.fire();
    windower.heads();
  };
  let at = 0;
  for (let pane = 0; pane < 2; pane++) {
    for (let i = 0; i < keys; i++) windower.accept(0, event(i, at));
    at += everyMs;
  }
  settle();
  const [allMs, all] = msOf(windower.snapshot);
  const changes: Uint8Array[] = [];
  const times: number[] = [];
  for (let round = 0; round < 9; round++) {
    for (let i = 0; i < changing; i++) windower.accept(0, event((i * (keys / changing) + round) % keys, at));
    settle();
    const [ms, bytes] = msOf(windower.changes);
    times.push(ms);
    changes.push(bytes);
  }
  const [restoreMs, restored] = msOf(() => createWindower(query.options, [all, ...changes]));
  if (restored.size().keys !== windower.size().keys || restored.size().rows !== windower.size().rows)
    throw new Error(`Cannot time a restore: ${restored.size().keys} keys came back, there were ${keys}`);
  return {
    ...{ allMs, allBytes: all.length },
    changesMs: middle(times),
    changesBytes: middle(changes.map(({ length }) => length)),
    keysPerSecond: (keys * 1_000) / restoreMs,
  };
};
