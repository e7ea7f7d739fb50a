import type { ScoreItems } from '@groundswell/pod';
import type { Logger } from '@groundswell/process';
import type { SocialEvent } from '@groundswell/wire';
import type { Entry } from './entry.ts';

export interface ScoredEntries {
  readonly entries: readonly Entry[];
  /** Of the model; undefined where it gave no score. */
  readonly variant: string | undefined;
  readonly digest: string | undefined;
}

interface ScoreOptions {
  readonly model: string;
  readonly user: string;
  /** Event time, ms. */
  readonly at: number;
  readonly timeoutMs: number;
  readonly scoreItems: ScoreItems;
  readonly logger: Logger;
}

/** In the expressions of the features, the user has the user_id of the event, sources its attributes, and the item the rest. */
const eventFor = ({ item: { event }, hints }: Entry, user: string): SocialEvent => {
  const asked = { ...event, user_id: user };
  for (const _ in hints) return { ...asked, attributes: { ...event.attributes, ...hints } };
  return asked;
};

/** Scores all entries in one go. Where that fails they have no score, and the answer says so. */
export const scoreEntries = async (entries: readonly Entry[], options: ScoreOptions): Promise<ScoredEntries> => {
  const { model, user, at, timeoutMs, scoreItems, logger } = options;
  const without: ScoredEntries = { entries, variant: undefined, digest: undefined };
  if (entries.length === 0) return without;
  try {
    const events = entries.map((entry) => eventFor(entry, user));
    const { scores } = await scoreItems({ model, events, at, vectors: true }, timeoutMs);
    const scored = entries.map((entry, i): Entry => {
      const { score, vector } = scores[i] ?? {};
      const realTime = score ?? undefined;
      return { ...entry, realTime, score: realTime, vector };
    });
    const answered = scores.find(({ score }) => score !== null);
    return { entries: scored, variant: answered?.variant, digest: answered?.digest };
  } catch (err) {
    logger.warn({ err, model }, 'cannot score items');
    return without;
  }
};
