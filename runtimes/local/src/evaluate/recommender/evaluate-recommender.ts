import { compilePredicate } from '@groundswell/cel';
import type { Program, RecommendProgram } from '@groundswell/graph';
import { recommendByFactors } from '@groundswell/trainer';
import type { SocialEvent } from '@groundswell/wire';
import type { ProgressLine } from '../../terminal/progress.ts';
import { acrossFolders } from '../evaluate.ts';
import { replayToEnd } from '../replay.ts';
import { type Accuracy, accuracyOf, popularFor } from './measure.ts';
import {
  type ColdSplit,
  type Held,
  hideNew,
  type Input,
  leaveLastOut,
  type Split,
  takesAmong,
  truthOf,
} from './split.ts';
import { type Told, tellRecommender } from './told.ts';

export interface RecommenderOptions {
  readonly programs: readonly Program[];
  readonly recommender: RecommendProgram;
  readonly directory: string;
  readonly dataDirectories: readonly string[];
  readonly progress: ProgressLine;
}

export interface RecommenderReport {
  readonly recommender: string;
  /** Places of an answer that count. */
  readonly places: number;
  /** Users with their last item held back. */
  readonly users: number;
  readonly known: Readonly<Record<'recommender' | 'popularity' | 'factorization', Accuracy>>;
  /** Of whom nothing was told but, in the second case, the tags of the first items that they took. */
  readonly newUsers: { readonly users: number } & Readonly<Record<'unnamed' | 'interests' | 'popularity', Accuracy>>;
  readonly newItems: {
    readonly items: number;
    /** Places of answers that new items should get, and got. 0..1. */
    readonly declaredShare: number;
    readonly share: number;
    /** Of the new items that were shown, how many the user took in truth: in the first and in the last third of the answers. */
    readonly first: number;
    readonly last: number;
    /** The same if they had been drawn by chance. */
    readonly chance: number;
  };
}

const places = 10;
/** So often each user comes back while new items are tried. */
const rounds = 3;

/** The Recommender that is meant. @throws Error where there is none, or several */
export const recommenderOf = (programs: readonly Program[], name: string | undefined): RecommendProgram => {
  const all = programs.filter((program) => program.kind === 'recommend');
  const found = all.filter(({ recommender }) => name === undefined || recommender === name);
  const [recommender] = found;
  if (recommender === undefined)
    throw new Error(
      `Cannot find ${name === undefined ? 'a Recommender' : `Recommender "${name}"`}: the resources hold ${all.length === 0 ? 'none' : all.map((one) => `"${one.recommender}"`).join(', ')}, one is needed`,
    );
  if (found.length > 1)
    throw new Error(
      `Cannot choose a Recommender: there are ${found.map((one) => `"${one.recommender}"`).join(', ')}, name one with --recommender`,
    );
  return recommender;
};

const pairsOf = ({ told }: Split, input: Input): readonly (readonly [string, string])[] =>
  takesAmong(told, input).map(({ user_id, post_id }) => [user_id, post_id]);

const accuracy = (lists: readonly (readonly string[])[], held: readonly Held[]): Accuracy =>
  accuracyOf(
    held.map(({ item }, i) => ({ items: lists[i] ?? [], wanted: item })),
    places,
  );

/** Told of all but the last item that each user took, asked for that one. */
const evaluateKnown = async (input: Input, options: RecommenderOptions) => {
  const split = leaveLastOut(input);
  if (split.held.length === 0)
    throw new Error(
      'Cannot evaluate the recommender: no user in the data took two items (feedback.where), more actions are needed',
    );
  const told = await tellOf(split.told, options, 'known users');
  const lists: (readonly string[])[] = [];
  for (const { user } of split.held) lists.push(await told.recommend(user, places));
  await told.close();
  const taken = pairsOf(split, input);
  const users = split.held.map(({ user }) => user);
  const factors = await recommendByFactors({ taken, asked: users, count: places }, options.progress.say);
  return {
    users: users.length,
    known: {
      recommender: accuracy(lists, split.held),
      popularity: accuracy(popularFor(taken, users, places), split.held),
      factorization: accuracy(factors, split.held),
    },
  };
};

const tellOf = (
  events: readonly SocialEvent[],
  { progress, ...options }: RecommenderOptions,
  what: string,
): Promise<Told> =>
  tellRecommender(events, {
    ...options,
    onProgress: (count) => progress.show(`${what}: ${count} of ${events.length} events`),
  });

const evaluateCold = async (input: Input, options: RecommenderOptions) => {
  const split = hideNew(input);
  const told = await tellOf(split.told, options, 'new users and items');
  try {
    const newUsers = await askNewUsers(told, split, input);
    await told.tell(split.appearing);
    const newItems = await tryNewItems(told, split, options.recommender);
    return { newUsers, newItems };
  } finally {
    await told.close();
  }
};

const askNewUsers = async (told: Told, split: ColdSplit, input: Input): Promise<RecommenderReport['newUsers']> => {
  const tags = new Map(input.events.filter(input.isItem).map((event) => [event.post_id, event.tags ?? []] as const));
  const unnamed: (readonly string[])[] = [];
  const interests: (readonly string[])[] = [];
  for (const { user } of split.held) {
    unnamed.push(await told.recommend(user, places));
    const named = split.firsts.get(user)?.flatMap((item) => tags.get(item) ?? []) ?? [];
    // Somebody else: what was shown before must not be left out now.
    const other = `${user} named`;
    await told.name(other, [...new Set(named)]);
    interests.push(await told.recommend(other, places));
  }
  const users = split.held.map(({ user }) => user);
  return {
    users: users.length,
    unnamed: accuracy(unnamed, split.held),
    interests: accuracy(interests, split.held),
    popularity: accuracy(popularFor(pairsOf(split, input), users, places), split.held),
  };
};

const tryNewItems = async (
  told: Told,
  { appearing, known, truth }: ColdSplit,
  { coldStart }: RecommendProgram,
): Promise<RecommenderReport['newItems']> => {
  const isNew = new Set(appearing.map(({ post_id }) => post_id));
  const shown: boolean[] = [];
  let answered = 0;
  for (let round = 0; round < rounds; round++)
    for (const user of known) {
      const items = await told.recommend(user, places);
      answered += items.length;
      const tried = items.filter((item) => isNew.has(item));
      const took = tried.filter((item) => truth.has(truthOf(user, item)));
      shown.push(...tried.map((item) => took.includes(item)));
      const likes = took.map((item) => likeOf(user, item, appearing));
      if (likes.length > 0) await told.tell(likes);
    }
  const third = Math.ceil(shown.length / 3);
  return {
    items: isNew.size,
    declaredShare: coldStart.items.share,
    share: shown.length / Math.max(1, answered),
    first: shareTrue(shown.slice(0, third)),
    last: shareTrue(shown.slice(-third)),
    chance:
      known.flatMap((user) => [...isNew].filter((item) => truth.has(truthOf(user, item)))).length /
      Math.max(1, known.length * isNew.size),
  };
};

const shareTrue = (all: readonly boolean[]): number => all.filter(Boolean).length / Math.max(1, all.length);

const likeOf = (user: string, item: string, appearing: readonly SocialEvent[]): SocialEvent => {
  const at = appearing[0]?.at ?? 0;
  return {
    ...{ id: `${user} took ${item}`, type: 'like', at, ingested_at: at, source: 'evaluate' },
    ...{ post_id: item, user_id: user, author_id: '' },
  };
};

/**
 * How good recommendations are: the events of the sources are told to the Recommender, all but those that are held back, and it is asked
 * through its door. Popularity and matrix factorisation answer from the same events.
 *
 * @throws Error where the sources have no end, or the data nothing to hold back
 */
export const evaluateRecommender = async (options: RecommenderOptions): Promise<RecommenderReport> => {
  const { programs, recommender, directory, dataDirectories, progress } = options;
  const events: SocialEvent[] = [];
  const sources = programs.filter(({ kind }) => kind === 'ingest');
  await replayToEnd({
    programs: sources.map((program) => acrossFolders(program, dataDirectories)),
    ...{ directory, dataDirectories, what: 'reading', progress },
    onEvent: (topic, _, event) => {
      if (topic === recommender.events.name) events.push(event);
    },
  });
  const conditionOf = (where: string) => {
    const holds = compilePredicate(where, { variables: ['event'] });
    return (event: SocialEvent): boolean => holds({ event });
  };
  const { items, feedback } = recommender;
  const input: Input = { events, isItem: conditionOf(items.where), isSuccess: conditionOf(feedback.where) };
  try {
    const known = await evaluateKnown(input, options);
    const cold = await evaluateCold(input, options);
    return { recommender: recommender.recommender, places, ...known, ...cold };
  } finally {
    progress.end();
  }
};
