import type { Random } from '../../runtimes/ingest/src/readers/generator/random.ts';

/** What is done to whom, so many ms after a round has begun. */
export type Act =
  | { readonly kind: 'kill'; readonly afterMs: number; readonly fleet: number; readonly which: number }
  | {
      readonly kind: 'pause';
      readonly afterMs: number;
      readonly fleet: number;
      readonly which: number;
      readonly ms: number;
    }
  | { readonly kind: 'broker' | 'store'; readonly afterMs: number }
  /** The network between the first worker of each window and a server. */
  | { readonly kind: 'stall'; readonly afterMs: number; readonly link: LinkTo; readonly ms: number }
  | { readonly kind: 'cut'; readonly afterMs: number; readonly link: LinkTo };

export type LinkTo = 'broker' | 'store';

export interface Round {
  /** Workers of each window. */
  readonly workers: number;
  readonly acts: readonly Act[];
}

/** A worker that is silent for so long is replaced. */
export const sessionTimeoutMs = 3_000;
const mostWorkers = 3;

/** One worker at first and at the end, several in between; at each change of their number others are killed. */
const workersOf = (round: number, rounds: number): number => {
  if (round === 0 || round >= rounds - 2) return 1;
  return round % 5 === 4 ? 2 : mostWorkers;
};

const workerActs = (random: Random): readonly Act[] =>
  Array.from({ length: 3 + random.below(3) }, (): Act => {
    const who = { fleet: random.below(2), which: random.below(mostWorkers), afterMs: random.below(2_500) };
    if (random.chance(0.6)) return { kind: 'kill', ...who };
    // Most are replaced while they stand still; some are not.
    const ms = random.chance(0.75) ? sessionTimeoutMs + 1_000 + random.below(1_500) : random.below(1_500);
    return { kind: 'pause', ms, ...who };
  });

/** Some are shorter than what a worker waits for, most of those that are longer outlast its place in the group. */
const linkActs = (random: Random): readonly Act[] => {
  const link = random.chance(0.5) ? 'broker' : 'store';
  const afterMs = random.below(2_500);
  if (random.chance(0.4)) return [{ kind: 'cut', afterMs, link }];
  const ms = random.chance(0.6) ? sessionTimeoutMs + 500 + random.below(3_500) : 200 + random.below(1_500);
  return [{ kind: 'stall', afterMs, link, ms }];
};

/** Rounds of random kills and pauses, with a network that fails; now and then the broker or the store is killed as well. */
export const planOf = (random: Random, rounds: number): readonly Round[] =>
  Array.from({ length: rounds }, (_, round): Round => {
    const others: Act[] = [];
    if (round % 5 === 3) others.push({ kind: 'broker', afterMs: random.below(2_000) });
    if (round % 4 === 2) others.push({ kind: 'store', afterMs: random.below(2_000) });
    return { workers: workersOf(round, rounds), acts: [...workerActs(random), ...linkActs(random), ...others] };
  });
