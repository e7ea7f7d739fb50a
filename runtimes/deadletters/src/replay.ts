import type { Log } from '@groundswell/stores';
import { type Letter, markReplayed } from './letters.ts';
import type { Place } from './place.ts';
import { originOf, planReplay, siblingsOf } from './plan.ts';

export interface Replayed {
  readonly id: string;
  /** The topic that it was given to; undefined where it was not. */
  readonly to: string | undefined;
  /** Why it was not. */
  readonly why: string | undefined;
}

export interface ReplayOptions {
  readonly place: Place;
  readonly all: readonly Letter[];
  readonly corrected?: Uint8Array;
  /** Says what would be done. */
  readonly dryRun: boolean;
}

/** Gives letters back, one after the other; each is marked once its record is durable, so that a crash repeats one at most. */
export const replay = async (
  log: Log,
  chosen: readonly Letter[],
  { place, all, corrected, dryRun }: ReplayOptions,
): Promise<readonly Replayed[]> => {
  const topics = [...new Set(chosen.flatMap((letter) => originOf(letter)?.topic ?? []))];
  const counts = new Map<string, number>();
  for (const topic of topics) counts.set(topic, (await log.bounds(topic).catch(() => [])).length);
  const producer = await log.producer();
  const done = new Set<string>();
  const told: Replayed[] = [];
  try {
    for (const letter of chosen) {
      if (done.has(letter.id)) continue;
      const plan = planReplay(letter, {
        ...{ place, partitionsOf: (topic) => counts.get(topic) },
        ...(corrected !== undefined && { corrected }),
      });
      if (plan.kind === 'refuse') {
        told.push({ id: letter.id, to: undefined, why: plan.why });
        continue;
      }
      const together = siblingsOf(letter, all);
      for (const { id } of together) done.add(id);
      if (!dryRun) {
        await producer.send(plan.topic, [plan.record]);
        await producer.send(place.topic, markReplayed(together));
      }
      told.push(...together.map(({ id }) => ({ id, to: plan.topic, why: undefined })));
    }
  } finally {
    await producer.close();
  }
  return told;
};
