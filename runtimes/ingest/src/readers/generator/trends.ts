import { createRandom, seedOf } from './random.ts';

const dayMs = 86_400_000;
const salt = 3;
const burst = { chancePerDay: 0.3, weakest: 0.8, strongest: 3.5, decayMs: 3 * 3_600_000 };

/** How much a topic is talked about at a moment: 1 is as always; bursts start at once and fade within hours. */
export type HeatOf = (topic: number, at: number) => number;

interface Burst {
  readonly at: number;
  readonly strength: number;
}

/** A topic bursts on some days. Which ones is a function of the seed, so no state is needed to know the heat of a moment. */
export const createTrends = (seed: number): HeatOf => {
  const known = new Map<string, Burst | undefined>();
  const burstOf = (topic: number, day: number): Burst | undefined => {
    const key = `${topic} ${day}`;
    if (known.has(key)) return known.get(key);
    const random = createRandom(seedOf(seed, salt, topic, day));
    const found = random.chance(burst.chancePerDay)
      ? {
          at: (day + random.unit()) * dayMs,
          strength: burst.weakest + random.unit() * (burst.strongest - burst.weakest),
        }
      : undefined;
    if (known.size > 10_000) known.clear();
    known.set(key, found);
    return found;
  };
  return (topic, at) => {
    const today = Math.floor(at / dayMs);
    let heat = 1;
    for (const day of [today - 1, today]) {
      const found = burstOf(topic, day);
      if (found !== undefined && found.at <= at) heat += found.strength * Math.exp((found.at - at) / burst.decayMs);
    }
    return heat;
  };
};
