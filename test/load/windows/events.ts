import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SocialEvent } from '@groundswell/wire';

/** Size of an event's line without its end, as in the peer's measurements. */
const lineBytes = 281;
/** Events of one second of event time: 1 M events last about 2.8 hours. */
const perSecond = 100;
const disorderMs = 20_000;
const lateShare = 0.001;
const startAt = Date.UTC(2026, 0, 1);

/** A generator of numbers in 0..1 that are the same for the same seed (mulberry32). */
export const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
};

/** Ranks 0 … count − 1 with a probability that falls with the rank (Zipf, exponent 1). */
export const createZipf = (count: number, random: () => number): (() => number) => {
  const sums = new Float64Array(count);
  let sum = 0;
  for (let i = 0; i < count; i++) {
    sum += 1 / (i + 1);
    sums[i] = sum;
  }
  return () => {
    const wanted = random() * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
};

const types = ['view', 'view', 'view', 'click', 'like', 'like', 'repost', 'reply'] as const;

/** Events in the order in which they come: up to 20 s out of order, one in a thousand later than that. */
const createEvents = (seed: number, users: number): ((i: number) => SocialEvent) => {
  const random = createRandom(seed);
  const [post, user] = [createZipf(50_000, random), createZipf(users, random)];
  return (i) => {
    const delay = random() < lateShare ? disorderMs + random() * 120_000 : random() * disorderMs;
    const at = startAt + Math.floor((i * 1000) / perSecond - delay);
    const postId = post();
    return {
      id: `e${i}`,
      type: types[Math.floor(random() * types.length)]!,
      at,
      ingested_at: startAt + i,
      source: 'bench',
      post_id: `p${postId}`,
      user_id: `u${user()}`,
      author_id: `a${postId % 5000}`,
      attributes: { amount: Math.floor(random() * 1000) / 8 },
      text: '',
    };
  };
};

const lineOf = (event: SocialEvent): string => {
  const bare = JSON.stringify(event).length;
  return `${JSON.stringify({ ...event, text: 'x'.repeat(Math.max(0, lineBytes - bare)) })}\n`;
};

const allUsers = 400_000;

/** The file with so many events, made if it is not there; outside the tree. One with more of them begins with the same. */
export const eventsFile = (count: number, seed = 7, users = allUsers): string => {
  const folder = join(tmpdir(), 'groundswell-bench');
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `events-${count}-${seed}${users === allUsers ? '' : `-${users}`}.jsonl`);
  if (existsSync(path)) return path;
  const event = createEvents(seed, users);
  const unfinished = `${path}.${process.pid}`;
  const file = openSync(unfinished, 'w');
  for (let i = 0; i < count; ) {
    const lines: string[] = [];
    for (const end = Math.min(count, i + 10_000); i < end; i++) lines.push(lineOf(event(i)));
    writeSync(file, lines.join(''));
  }
  closeSync(file);
  renameSync(unfinished, path);
  return path;
};

const newline = 10;

/** Hands each line to `take`, as bytes of their own; stops after `most`. */
export const readLines = (path: string, most: number, take: (line: Uint8Array) => void): void => {
  const file = openSync(path, 'r');
  let rest = new Uint8Array(0);
  for (let left = most; left > 0; ) {
    const chunk = new Uint8Array(rest.length + (1 << 20));
    chunk.set(rest);
    const length = rest.length + readSync(file, chunk, rest.length, chunk.length - rest.length, null);
    if (length === rest.length) break;
    let start = 0;
    for (let end = chunk.indexOf(newline); end >= 0 && end < length && left > 0; end = chunk.indexOf(newline, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      left--;
    }
    rest = chunk.slice(start, length);
  }
  closeSync(file);
};
