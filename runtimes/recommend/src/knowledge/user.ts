import type { CandidateSource, RecommendProgram } from '@groundswell/graph';
import type { KeyValueBatch } from '@groundswell/stores';
import { fillTemplate, parseTemplate, recommendKeysOf } from '@groundswell/wire';
import { historyOf } from './history.ts';
import { parseShown, type Shown } from './shown.ts';

/** What is known of who asks. */
export interface User {
  readonly id: string;
  /** How many actions. */
  readonly actions: number;
  /** That patterns have found, in force at that moment. */
  readonly tags: readonly string[];
  /** That the user named at sign-up. */
  readonly interests: readonly string[];
  /** By item. */
  readonly shown: ReadonlyMap<string, Shown>;
  /** By item, event time of the newest action on it, ms; empty where no rule asks for it. */
  readonly acted: ReadonlyMap<string, number>;
  /** Items that the user took, newest first; empty where no source asks for it. */
  readonly taken: readonly string[];
  /** Lists of windows, by hash and field (`lastKey`). */
  readonly lasts: ReadonlyMap<string, readonly string[]>;
}

/** Of the items that a user took, so many say what is similar. */
const mostLast = 20;

/** A list that a window keeps of the last items of a user. */
export type Last = NonNullable<Extract<CandidateSource, { kind: 'similar' }>['last']>;

export const lastKey = ({ hash, field }: Last): string => JSON.stringify([hash, field]);

type Asked = Pick<RecommendProgram, 'pipeline' | 'recommender' | 'tags' | 'rules' | 'candidates'>;

/** Asks for a user in a batch of others. Answers once the batch has run. @param at  event time, ms */
export const askUser = (
  batch: KeyValueBatch,
  id: string,
  { pipeline, recommender, tags, rules, candidates }: Asked,
): ((at: number) => User) => {
  const keys = recommendKeysOf(pipeline, recommender);
  const actions = batch.counterGet(keys.actions(id));
  const own = batch.hashGet(keys.user(id), ['interests']);
  const shown = batch.hashGetAll(keys.shown(id));
  const sets = tags.map((template) => batch.sortedRange(filled(template, id), 0, -1));
  const history = historyOf({ rules, candidates });
  const acted = history.acted ? batch.sortedRange(keys.acted(id), 0, -1) : undefined;
  const taken = history.taken ? batch.sortedRange(keys.taken(id), 0, mostLast - 1, { reverse: true }) : undefined;
  const lasts = candidates.flatMap(({ source }) => {
    if (source.kind !== 'similar' || source.last === undefined) return [];
    const { hash, field } = source.last;
    return [{ key: lastKey(source.last), reply: batch.hashGet(filled(hash, id), [field]) }];
  });
  return (at) => {
    const [interests] = own.value();
    const inForce = sets.flatMap((set) => set.value().filter(({ score }) => score > at));
    return {
      id,
      actions: actions.value() ?? 0,
      tags: [...new Set(inForce.map(({ member }) => member))],
      interests: interests === undefined ? [] : (JSON.parse(interests) as readonly string[]),
      shown: shownOf(shown.value()),
      acted: new Map(acted?.value().map(({ member, score }) => [member, score])),
      taken: taken?.value().map(({ member }) => member) ?? [],
      lasts: new Map(lasts.map(({ key, reply }) => [key, listOf(reply.value()[0]).slice(0, mostLast)])),
    };
  };
};

const filled = (template: string, user: string): string => fillTemplate(parseTemplate(template), () => user);

/** As a window writes a list. */
const listOf = (text: string | undefined): readonly string[] =>
  text === undefined ? [] : (JSON.parse(text) as readonly unknown[]).map(String);

const shownOf = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, Shown> =>
  new Map(
    Object.entries(texts).flatMap(([item, text]): [string, Shown][] => {
      const shown = parseShown(text);
      return shown === undefined ? [] : [[item, shown]];
    }),
  );
