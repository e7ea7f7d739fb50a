import { randomUUID } from 'node:crypto';
import {
  applyRules,
  byInterests,
  byScore,
  type Candidate,
  type Found,
  mergeCandidates,
  mix,
  type Tried,
  thompson,
  withTrials,
} from '@groundswell/recommending';
import type { Fallback } from '@groundswell/wire';
import type { Common } from '../knowledge/common.ts';
import { askUser, type User } from '../knowledge/user.ts';
import { type Entry, entriesOf, entryOf } from './entry.ts';
import { findFor, hintsFor } from './find.ts';
import { blendEntries } from './offline.ts';
import { interestsSource, trialSource } from './reason.ts';
import type { Made, Recommending, Wanted } from './recommending.ts';
import { type Asking, sightOf } from './rules.ts';
import { scoreEntries } from './score.ts';

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
  ...{ id: randomUUID(), asking, entries, fallbacks: [], unknown: [] },
  ...{ variant: undefined, digest: undefined, blend: undefined },
  ...rest,
});

const idOf = ({ id }: Entry): string => id;

interface Ranking {
  readonly asking: Asking;
  readonly endsAt: number;
  /** What finding the entries went without. */
  readonly without: readonly Fallback[];
}

/** Scored, in order, and with the rules applied. */
const ranked = async (parts: Recommending, entries: readonly Entry[], { asking, endsAt, without }: Ranking) => {
  const { program, rules, scoreItems, offline, logger } = parts;
  const blend = parts.weights.inForce();
  const timeoutMs = endsAt - performance.now();
  const scoring = scoreEntries(entries, {
    ...{ model: program().model, user: asking.user.id, at: asking.at, timeoutMs },
    ...{ scoreItems, logger },
  });
  // Both at once: an answer takes as long as the slower one.
  const reading = offline()?.read(asking.user.id, entries);
  const [{ entries: scored, ...by }, computed] = await Promise.all([scoring, reading]);
  const isMissing = entries.length > 0;
  const fallbacks = new Set<Fallback>(without);
  if (isMissing && by.variant === undefined) fallbacks.add('NoModel');
  if (isMissing && reading !== undefined && computed === undefined) fallbacks.add('NoOffline');
  const blended = blendEntries(scored, blend, computed);
  return {
    entries: applyRules(byScore(blended), rules().of(sightOf(asking))),
    ...by,
    blend,
    fallbacks: [...fallbacks],
  };
};

const rankGiven = async (
  parts: Recommending,
  { items, count }: Wanted & { readonly items: readonly string[] },
  { asking, endsAt }: { readonly asking: Asking; readonly endsAt: number },
): Promise<Made> => {
  const source = parts.program().candidates.find((one) => one.source.kind === 'given')?.name ?? 'given';
  const wanted = [...new Set(items)];
  const [known, { found, without }] = await Promise.all([parts.catalogue.read(wanted), hintsFor(parts, asking.user)]);
  const named = wanted.map((id) => ({ id, sources: [source] }));
  const { entries: order, ...rest } = await ranked(parts, entriesOf(named, known, found), { asking, endsAt, without });
  return made(asking, order.slice(0, count), { ...rest, unknown: wanted.filter((id) => !known.has(id)) });
};

const forKnown = async (
  parts: Recommending,
  { count }: Wanted,
  { asking, common, endsAt }: { readonly asking: Asking; readonly common: Common; readonly endsAt: number },
): Promise<Made> => {
  const { program, catalogue, random } = parts;
  const { coldStart, limits } = program();
  const { found, without } = await findFor(parts, asking.user, common);
  const candidates = mergeCandidates(found, limits.candidates);
  const { share, prior } = coldStart.items;
  const trials = share === 0 ? [] : thompson(common.fresh, { prior, random }).slice(0, count);
  const known = await catalogue.read([...candidates, ...trials].map(({ id }) => id));
  const entries = entriesOf(candidates, known, found);
  const { entries: best, ...rest } = await ranked(parts, entries, { asking, endsAt, without });
  const tried = trialsOf(parts, entriesOf(trialsIn(trials), known), asking);
  return made(asking, withTrials(best, tried, { idOf, count, share, random }), rest);
};

const trialsIn = (trials: readonly Tried[]): readonly Candidate[] =>
  trials.map(({ id }) => ({ id, sources: [trialSource] }));

const trialsOf = ({ rules }: Recommending, entries: readonly Entry[], asking: Asking): readonly Entry[] =>
  applyRules(entries, rules().of(sightOf(asking))).map((entry) => ({ ...entry, tried: true }));

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
  const kept = (entries: readonly Entry[]) => applyRules(entries, rules().of(sightOf(asking)));
  const ofTags = [...new Set([...tagged, ...hot.map(({ id }) => id)])].flatMap((id) => known.get(id) ?? []);
  const interesting = byInterests(ofTags, new Set(user.interests)).map((item) => entryOf(item, [interestsSource]));
  const { users } = coldStart;
  const parted = [
    { items: kept(entriesOf(hot, known)), share: users.hot },
    { items: kept(interesting), share: users.interests },
    { items: trialsOf(parts, entriesOf(trialsIn(trials), known), asking), share: users.exploration },
  ];
  return made(asking, mix(parted, { idOf, count }));
};

/** Lists that need no user. */
export const hotIn = ({ program }: Pick<Recommending, 'program'>, { lists }: Common): readonly Found[] =>
  program().candidates.flatMap(({ name }) => {
    const items = lists.get(name);
    return items === undefined ? [] : [{ source: name, items }];
  });
