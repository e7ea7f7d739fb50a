import type { SocialEvent } from '@groundswell/wire';
import { runAll } from './oracle.ts';
import type { Query } from './queries.ts';

interface Session {
  readonly start: number;
  readonly last: number;
  readonly count: number;
}

/** By the definition: each event is held against all sessions of its key. @throws Error where counts differ */
export const verifySessions = ({ name, options }: Query, events: readonly SocialEvent[]): number => {
  const { shape, maxOutOfOrdernessMs, keys } = options;
  if (shape.kind !== 'session') throw new TypeError(`Cannot verify ${name}: it has no sessions`);
  const { gapMs } = shape;
  const open = new Map<string, readonly Session[]>();
  let watermark = -Infinity;
  for (const event of events) {
    const [key, { at }] = [String(keys[0]?.(event)), event];
    const isOpen = ({ last }: Session): boolean => last + gapMs - 1 > watermark;
    const all = open.get(key) ?? [];
    const joined = all.filter((one) => isOpen(one) && one.start - gapMs <= at && one.last + gapMs >= at);
    const session = {
      start: Math.min(at, ...joined.map(({ start }) => start)),
      last: Math.max(at, ...joined.map(({ last }) => last)),
      count: joined.reduce((sum, { count }) => sum + count, 1),
    };
    if (isOpen(session)) open.set(key, [...all.filter((one) => !joined.includes(one)), session]);
    watermark = Math.max(watermark, at - maxOutOfOrdernessMs);
  }
  const told = runAll(options, events);
  const textOf = (key: string, end: number, count: unknown): string => `${key} ${end} ${count}`;
  const due = [...open].flatMap(([key, all]) => all.map(({ last, count }) => textOf(key, last + gapMs, count)));
  const found = [...told].flatMap(([key, ends]) => [...ends].map(([end, values]) => textOf(key, end, values?.[0])));
  if (JSON.stringify(due.sort()) !== JSON.stringify(found.sort()))
    throw new Error(`Cannot time ${name}: ${found.length} sessions are told, ${due.length} others are right`);
  return due.length;
};
