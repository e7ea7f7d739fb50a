import { randomUUID } from 'node:crypto';
import { ProblemError } from '@groundswell/http';
import { mergeCandidates } from '@groundswell/recommending';
import { itemOf } from '../knowledge/item.ts';
import type { User } from '../knowledge/user.ts';
import { entryOf } from './entry.ts';
import { hotIn, recommend } from './recommend.ts';
import type { Made, Recommending, Wanted } from './recommending.ts';

const nobody = (id: string): User => ({
  id,
  actions: 0,
  tags: [],
  interests: [],
  shown: new Map(),
  acted: new Map(),
  taken: [],
  lasts: new Map(),
});

/** Makes a recommendation within the time limit, or what the resource wants instead. @throws ProblemError */
export const recommendInTime = async (parts: Recommending, wanted: Wanted): Promise<Made> => {
  const { limits } = parts.program();
  const endsAt = performance.now() + limits.timeoutMs;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), limits.timeoutMs);
  });
  const whole = recommend(parts, wanted, endsAt);
  // Where it fails after its time, nobody waits for it any more.
  whole.catch(() => undefined);
  try {
    return (await Promise.race([whole, late])) ?? (await instead(parts, wanted));
  } catch (err) {
    if (err instanceof ProblemError) throw err;
    parts.logger.warn({ err }, 'cannot recommend');
    return await instead(parts, wanted);
  } finally {
    clearTimeout(timer);
  }
};

/** What is known already, without asking anybody. */
const instead = async (parts: Recommending, wanted: Wanted): Promise<Made> => {
  const { limits } = parts.program();
  const common = parts.common.last();
  const isRanking = wanted.items !== undefined;
  if (limits.onTimeout === 'Fail' || (isRanking ? limits.onTimeout !== 'ServeUnranked' : common === undefined))
    throw new ProblemError(
      503,
      `Cannot recommend within ${limits.timeoutMs} ms: the store or the scorer took longer, try again`,
    );
  const found = isRanking ? [{ source: 'given', items: wanted.items ?? [] }] : common ? hotIn(parts, common) : [];
  const allowed = found.map((one) => ({ ...one, items: one.items.filter((id) => !parts.rules().blocks(id)) }));
  const merged = mergeCandidates(allowed, wanted.count);
  const entries = merged.map(({ id, sources }) => entryOf(itemOf({ ...unknown, id, post_id: id }), sources));
  return {
    ...{
      id: randomUUID(),
      asking: { user: nobody(wanted.user), cold: false, at: parts.now(), isGiven: isRanking },
      entries,
    },
    ...{ variant: undefined, digest: undefined, blend: undefined, fallbacks: ['Timeout'], unknown: [] },
  };
};

/** Of an item of which nothing but the id is at hand. */
const unknown = { type: 'post' as const, at: 0, ingested_at: 0, source: '', user_id: '', author_id: '' };
