import { randomUUID } from 'node:crypto';
import type { RecommendProgram } from '@groundswell/graph';
import type { Logger } from '@groundswell/process';
import {
  applyRules,
  byInterests,
  byScore,
  type Found,
  mergeCandidates,
  mix,
  type Random,
  thompson,
  withTrials,
} from '@groundswell/recommending';
import type { KeyValue } from '@groundswell/stores';
import type { Fallback } from '@groundswell/wire';
import type { Catalogue } from '../knowledge/catalogue.ts';
import type { Common, CommonReader } from '../knowledge/common.ts';
import type { Personal } from '../knowledge/personal.ts';
import { askUser, type User } from '../knowledge/user.ts';
import { type Entry, entryOf } from './entry.ts';
import { blendEntries, type OfflineScores } from './offline.ts';
import { interestsSource, trialSource } from './reason.ts';
import type { Asking, Rules } from './rules.ts';
import { scoreEntries } from './score.ts';
import type { ScoreItems } from './score-items.ts';

/** What is wanted. */
export interface Wanted {
  readonly user: string;
  /** Only these are ranked. */
  readonly items: readonly string[] | undefined;
  readonly count: number;
}

/** A recommendation before it is put into words. */
export interface Made {
  readonly id: string;
  readonly asking: Asking;
  /** In their order. */
  readonly entries: readonly Entry[];
  readonly variant: string | undefined;
  readonly digest: string | undefined;
  readonly fallbacks: readonly Fallback[];
  /** Of the wanted items, those that nobody knows. */
  readonly unknown: readonly string[];
}

export interface Recommending {
  readonly program: () => RecommendProgram;
  readonly keyValue: KeyValue;
  readonly catalogue: Catalogue;
  readonly common: CommonReader;
  readonly personal: Personal;
  readonly rules: () => Rules;
  readonly scoreItems: ScoreItems;
  /** Undefined where the score of the model counts alone. */
  readonly offline: () => OfflineScores | undefined;
  /** Event time, ms. */
  readonly now: () => number;
  readonly random: Random;
  readonly logger: Logger;
}

/** Makes one recommendation, however long it takes. @param endsAt  by `performance.now()`: the scorer need not begin later */
export const recommend = async (parts: Recommending, wanted: Wanted, endsAt: number): Promise<Made> => {
  const at = parts.now();
  const [user, common] = await Promise.all([readUser(parts, wanted.user, at), parts.common.read()]);
  const { coldStart } = parts.program();
  const asking: Asking = { user, cold: user.actions < coldStart.minEvents, at, isGiven: wanted.items !== undefined };
  if (wanted.items !== undefined) return rankGiven(parts, { ...wanted, items: wanted.items }, { asking, endsAt });
  return asking.cold ? forNew(parts, wanted, { asking, common }) : forKnown(parts, wanted, { asking, common, endsAt });
};

const readUser = async ({ program, keyValue }: Recommending, id: string, at: number): Promise<User> => {
  const batch = keyValue.batch();
  const read = askUser(batch, id, program());
  await batch.run();
  return read(at);
};

const made = (asking: Asking, entries: readonly Entry[], rest: Partial<Made> = {}): Made => ({
  ...{ id: randomUUID(), asking, entries, variant: undefined, digest: undefined, fallbacks: [], unknown: [] },
  ...rest,
});

const idOf = ({ id }: Entry): string => id;

/** Scored, in order, and with the rules applied. */
const ranked = async (
  parts: Recommending,
  entries: readonly Entry[],
  { asking, endsAt }: { readonly asking: Asking; readonly endsAt: number },
) => {
  const { program, rules, scoreItems, offline, logger } = parts;
  const timeoutMs = endsAt - performance.now();
  const scoring = scoreEntries(entries, {
    ...{ model: program().model, user: asking.user.id, at: asking.at, timeoutMs },
    ...{ scoreItems, logger },
  });
  // Both at once: an answer takes as long as the slower one.
  const reading = offline()?.read(asking.user.id, entries);
  const [{ entries: scored, ...by }, computed] = await Promise.all([scoring, reading]);
  const isMissing = entries.length > 0;
  const fallbacks: readonly Fallback[] = [
    ...(isMissing && by.variant === undefined ? (['NoModel'] as const) : []),
    ...(isMissing && reading !== undefined && computed === undefined ? (['NoOffline'] as const) : []),
  ];
  const blended = blendEntries(scored, program().blend, computed);
  return { entries: applyRules(byScore(blended), rules().of(asking)), ...by, fallbacks };
};

const rankGiven = async (
  parts: Recommending,
  { items, count }: Wanted & { readonly items: readonly string[] },
  { asking, endsAt }: { readonly asking: Asking; readonly endsAt: number },
): Promise<Made> => {
  const source = parts.program().candidates.find((one) => one.source.kind === 'given')?.name ?? 'given';
  const wanted = [...new Set(items)];
  const known = await parts.catalogue.read(wanted);
  const entries = wanted.flatMap((id) => entryIn(known, id, [source]));
  const { entries: order, ...rest } = await ranked(parts, entries, { asking, endsAt });
  const unknown = wanted.filter((id) => !known.has(id));
  return made(asking, order.slice(0, count), { ...rest, unknown });
};

const entryIn = (known: Awaited<ReturnType<Catalogue['read']>>, id: string, sources: readonly string[]): Entry[] => {
  const item = known.get(id);
  return item === undefined ? [] : [entryOf(item, sources)];
};

const forKnown = async (
  parts: Recommending,
  { count }: Wanted,
  { asking, common, endsAt }: { readonly asking: Asking; readonly common: Common; readonly endsAt: number },
): Promise<Made> => {
  const { program, catalogue, random } = parts;
  const { coldStart, limits } = program();
  const candidates = mergeCandidates(await findFor(parts, asking.user.id, common), limits.candidates);
  const { share, prior } = coldStart.items;
  const trials = share === 0 ? [] : thompson(common.fresh, { prior, random }).slice(0, count);
  const known = await catalogue.read([...candidates, ...trials].map(({ id }) => id));
  const entries = candidates.flatMap(({ id, sources }) => entryIn(known, id, sources));
  const { entries: best, ...rest } = await ranked(parts, entries, { asking, endsAt });
  const tried = trialsOf(
    parts,
    trials.flatMap(({ id }) => entryIn(known, id, [trialSource])),
    asking,
  );
  return made(asking, withTrials(best, tried, { idOf, count, share, random }), rest);
};

const trialsOf = ({ rules }: Recommending, entries: readonly Entry[], asking: Asking): readonly Entry[] =>
  applyRules(entries, rules().of(asking)).map((entry) => ({ ...entry, tried: true }));

/** Of each declared source, in their order. */
const findFor = async (
  { program, personal }: Recommending,
  user: string,
  { lists, fresh }: Common,
): Promise<readonly Found[]> => {
  const found = program().candidates.map(async ({ name, limit, source }): Promise<Found> => {
    if (source.kind === 'followed') return { source: name, items: await personal.followed(user, limit) };
    if (source.kind === 'exploration') return { source: name, items: fresh.map(({ id }) => id) };
    return { source: name, items: lists.get(name) ?? [] };
  });
  return Promise.all(found);
};

/** What is hot, what has the tags that the user named, and what is new, by the declared shares. */
const forNew = async (
  parts: Recommending,
  { count }: Wanted,
  { asking, common }: { readonly asking: Asking; readonly common: Common },
): Promise<Made> => {
  const { program, catalogue, personal, random, rules } = parts;
  const { coldStart, limits } = program();
  const { user } = asking;
  const hot = mergeCandidates(hotIn(parts, common), limits.candidates);
  const tagged = await personal.tagged(user.interests, limits.candidates);
  const trials = thompson(common.fresh, { prior: coldStart.items.prior, random });
  const known = await catalogue.read([...hot.map(({ id }) => id), ...tagged, ...trials.map(({ id }) => id)]);
  const kept = (entries: readonly Entry[]) => applyRules(entries, rules().of(asking));
  const ofTags = [...new Set([...tagged, ...hot.map(({ id }) => id)])].flatMap((id) => known.get(id) ?? []);
  const interesting = byInterests(ofTags, new Set(user.interests)).map((item) => entryOf(item, [interestsSource]));
  const { users } = coldStart;
  const parted = [
    { items: kept(hot.flatMap(({ id, sources }) => entryIn(known, id, sources))), share: users.hot },
    { items: kept(interesting), share: users.interests },
    {
      items: trialsOf(
        parts,
        trials.flatMap(({ id }) => entryIn(known, id, [trialSource])),
        asking,
      ),
      share: users.exploration,
    },
  ];
  return made(asking, mix(parted, { idOf, count }));
};

/** Lists that need no user. */
export const hotIn = ({ program }: Pick<Recommending, 'program'>, { lists }: Common): readonly Found[] =>
  program().candidates.flatMap(({ name }) => {
    const items = lists.get(name);
    return items === undefined ? [] : [{ source: name, items }];
  });
