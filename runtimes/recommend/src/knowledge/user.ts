import type { KeyValueBatch } from '@groundswell/stores';
import { fillTemplate, parseTemplate, recommendKeysOf } from '@groundswell/wire';
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
}

interface Asked {
  readonly pipeline: string;
  readonly recommender: string;
  /** Templates of sorted sets. */
  readonly tags: readonly string[];
}

/** Asks for a user in a batch of others. Answers once the batch has run. @param at  event time, ms */
export const askUser = (
  batch: KeyValueBatch,
  id: string,
  { pipeline, recommender, tags }: Asked,
): ((at: number) => User) => {
  const keys = recommendKeysOf(pipeline, recommender);
  const actions = batch.counterGet(keys.actions(id));
  const own = batch.hashGet(keys.user(id), ['interests']);
  const shown = batch.hashGetAll(keys.shown(id));
  const sets = tags.map((template) =>
    batch.sortedRange(
      fillTemplate(parseTemplate(template), () => id),
      0,
      -1,
    ),
  );
  return (at) => {
    const [interests] = own.value();
    const inForce = sets.flatMap((set) => set.value().filter(({ score }) => score > at));
    return {
      id,
      actions: actions.value() ?? 0,
      tags: [...new Set(inForce.map(({ member }) => member))],
      interests: interests === undefined ? [] : (JSON.parse(interests) as readonly string[]),
      shown: shownOf(shown.value()),
    };
  };
};

const shownOf = (texts: Readonly<Record<string, string>>): ReadonlyMap<string, Shown> =>
  new Map(
    Object.entries(texts).flatMap(([item, text]): [string, Shown][] => {
      const shown = parseShown(text);
      return shown === undefined ? [] : [[item, shown]];
    }),
  );
