import type { RecommendProgram } from '@groundswell/graph';
import type { Logger } from '@groundswell/process';
import { shareOf } from '@groundswell/recommending';
import type { KeyValue, Producer } from '@groundswell/stores';
import { encodeJson, type RecommendationRecord, recommendKeysOf } from '@groundswell/wire';
import { shownText } from '../knowledge/shown.ts';
import type { Made } from '../ranking/recommending.ts';
import { type BlendWeights, blendSaid } from './blend-weights.ts';

/** Writes down what was shown, behind the answer: for learning, for what was seen, for the impressions of new items. */
export interface Recorder {
  record(made: Made): void;
  /** Resolves when all of it is written. */
  settled(): Promise<void>;
  /** Recommendations that could not be written down. */
  lost(): number;
}

interface RecorderOptions {
  readonly program: () => RecommendProgram;
  readonly keyValue: KeyValue;
  readonly producer: Producer;
  readonly weights: BlendWeights;
  readonly logger: Logger;
}

export const createRecorder = ({ program, keyValue, producer, weights, logger }: RecorderOptions): Recorder => {
  const open = new Set<Promise<void>>();
  let lost = 0;

  const write = async (made: Made): Promise<void> => {
    const current = program();
    const { pipeline, recommender, log, feedback } = current;
    const keys = recommendKeysOf(pipeline, recommender);
    const { user, at } = made.asking;
    const keepMs = shownMsOf(current);
    const shown = keys.shown(user.id);
    const batch = keyValue.batch();
    const isLogged = shareOf(user.id) < feedback.logShare;
    const cells = isLogged ? weights.shown(at, made.entries) : [];
    const texts = made.entries.map(
      ({ id }, i) => [id, shownText({ at, id: made.id, cell: cells[i], won: false })] as const,
    );
    batch.hashSet(shown, Object.fromEntries(texts));
    const over = [...user.shown].filter(([, before]) => before.at + keepMs < at).map(([id]) => id);
    if (over.length > 0) batch.hashDelete(shown, over);
    batch.expire(shown, keepMs);
    for (const { id, tried } of made.entries)
      if (tried) {
        batch.counterAdd(keys.impressions(id), 1);
        batch.expire(keys.impressions(id), current.items.ttlMs);
      }
    const value = isLogged ? encodeJson(recordOf(made, current)) : undefined;
    const sent = value && producer.send(log.name, [{ key: user.id, value, timestamp: at }]);
    await Promise.all([batch.run(), sent]);
  };
  return {
    record: (made) => {
      if (made.entries.length === 0) return;
      const written = write(made).catch((err: unknown) => {
        lost++;
        logger.warn({ err }, 'cannot write down a recommendation');
      });
      open.add(written);
      written.finally(() => open.delete(written));
    },
    settled: async () => {
      await Promise.all(open);
    },
    lost: () => lost,
  };
};

/** So long somebody may ask what a user was shown. */
const shownMsOf = ({ rules, feedback }: RecommendProgram): number =>
  rules.reduce((most, rule) => (rule.kind === 'dropSeen' ? Math.max(most, rule.forMs) : most), feedback.withinMs);

const recordOf = (
  { id, asking, entries, variant, digest, blend, fallbacks }: Made,
  { recommender, model }: RecommendProgram,
): RecommendationRecord => ({
  ...{ kind: 'recommendation', id, recommender, user_id: asking.user.id, at: asking.at },
  ...{ model, variant: variant ?? null, digest: digest ?? null, cold: asking.cold, fallbacks: [...fallbacks] },
  ...blendSaid(blend),
  items: entries.map(({ id: item_id, sources, tried, score, realTime, offline, vector }, i) => ({
    ...{ item_id, rank: i + 1, sources: [...sources], tried },
    ...{ score: score ?? null, real_time: realTime ?? null, offline: offline ?? null },
    ...(vector !== undefined && { vector: [...vector] }),
  })),
});
