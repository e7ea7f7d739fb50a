import type { CandidateSource } from '@groundswell/graph';
import { type Found, likeThose, type Similar } from '@groundswell/recommending';
import type { Fallback } from '@groundswell/wire';
import type { Common } from '../knowledge/common.ts';
import { openOfflineStore } from '../knowledge/open-store.ts';
import { readStoredSimilar } from '../knowledge/stored-similar.ts';
import { lastKey, type User } from '../knowledge/user.ts';
import type { Recommending } from './recommending.ts';

/** What the declared sources have found. */
export interface FoundAll {
  /** In the order of the sources. */
  readonly found: readonly Found[];
  /** What they did without. */
  readonly without: readonly Fallback[];
}

type Declared = { readonly name: string; readonly limit: number; readonly source: CandidateSource };
type SimilarSource = Extract<CandidateSource, { kind: 'similar' }>;

/** What each declared source brings for a user. */
export const findFor = async (parts: Recommending, user: User, common: Common): Promise<FoundAll> =>
  together(parts.program().candidates.map((declared) => find(parts, declared, { user, common })));

/** Of sources that have an opinion on items that others bring, that opinion alone: for items that a request names. */
export const hintsFor = async (parts: Recommending, user: User): Promise<FoundAll> =>
  together(
    parts
      .program()
      .candidates.flatMap(({ name, limit, source }) =>
        source.kind === 'similar' ? [similar(parts, { name, limit, source }, user)] : [],
      ),
  );

interface One {
  readonly found: Found;
  readonly failed?: boolean;
}

const together = async (finding: readonly Promise<One>[]): Promise<FoundAll> => {
  const all = await Promise.all(finding);
  return { found: all.map(({ found }) => found), without: all.some(({ failed }) => failed) ? ['NoOffline'] : [] };
};

const find = async (
  parts: Recommending,
  { name, limit, source }: Declared,
  { user, common }: { readonly user: User; readonly common: Common },
): Promise<One> => {
  const foundBy = (items: readonly string[]): One => ({ found: { source: name, items } });
  if (source.kind === 'similar') return similar(parts, { name, limit, source }, user);
  if (source.kind === 'followed') return foundBy(await parts.personal.followed(user.id, limit));
  if (source.kind === 'exploration') return foundBy(common.fresh.map(({ id }) => id));
  return foundBy(common.lists.get(name) ?? []);
};

const similar = async (
  parts: Recommending,
  { name, limit, source }: Declared & { readonly source: SimilarSource },
  user: User,
): Promise<One> => {
  const last = source.last === undefined ? user.taken : (user.lasts.get(lastKey(source.last)) ?? []);
  const lists = last.length === 0 ? [] : await listsOf(parts, source, last);
  const like = likeThose(lists ?? [], new Set(last));
  const scores = new Map(like.map(({ id, similarity }) => [id, similarity]));
  const items = like.slice(0, limit).map(({ id }) => id);
  return { found: { source: name, items, scores }, failed: lists === undefined };
};

/** Undefined where the store does not answer. */
const listsOf = async (
  { keyValue, similarItems, logger }: Recommending,
  { store }: SimilarSource,
  ids: readonly string[],
): Promise<readonly (readonly Similar[])[] | undefined> => {
  if (store === undefined) return similarItems.of(ids);
  const { spec, field } = store;
  const { timeoutMs } = spec;
  try {
    return await readStoredSimilar(ids, { store: openOfflineStore(spec, { keyValue }), field, timeoutMs });
  } catch (err) {
    logger.warn({ err, store: spec.name }, 'cannot read similar items');
    return undefined;
  }
};
