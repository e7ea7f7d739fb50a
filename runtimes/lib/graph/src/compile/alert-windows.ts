import { CelError, referencesOf } from '@groundswell/cel';
import type { AlerterProgram, AlertRule } from '../programs/index.ts';
import type { PipelineContext } from './context.ts';
import { hashTemplateOf, namesIn } from './sinks.ts';
import { keyName } from './window-key.ts';

type AlertWindow = AlerterProgram['windows'][number];

/** A window as rules see it: its values by name, or why a rule cannot look at it. */
interface Seen {
  readonly fields: readonly string[] | string;
  readonly window?: AlertWindow;
}

/** What an alert finds values by, of the fields of a key. Of a post, author and user are the same. */
const known = { post_id: 'post_id', author_id: 'author_id', user_id: 'author_id' } as const;
const isKnown = (name: string): name is keyof typeof known => Object.hasOwn(known, name);

export const alertWindowsOf = ({ windows }: PipelineContext): ReadonlyMap<string, Seen> =>
  new Map(
    [...windows].map(([name, spec]): [string, Seen] => {
      const hash = hashTemplateOf(name, spec);
      if (hash === undefined)
        return [name, { fields: 'its values are found by no key alone: add a redis.hash sink to the window' }];
      const names = namesIn(hash);
      const parts = spec.key.filter((field) => names.includes(keyName(field)));
      if (!parts.every(isKnown))
        return [
          name,
          {
            fields: `it is keyed by ${parts.join(', ')}: one by ${Object.keys(known).join(', ')} or nothing is needed`,
          },
        ];
      const key = parts.map((part) => ({ name: part, value: known[part] }));
      return [name, { fields: spec.aggregations.map((each) => each.name), window: { name, hash, key } }];
    }),
  );

const windowsIn = (source: string): readonly string[] => {
  try {
    return referencesOf(source).paths.flatMap(({ path: [variable, window] }) =>
      variable === 'windows' && window !== undefined ? [window] : [],
    );
  } catch (error) {
    // That it does not parse is said elsewhere.
    if (error instanceof CelError) return [];
    throw error;
  }
};

/** Those that a rule looks at, in the order of their names. */
export const usedWindows = (all: ReadonlyMap<string, Seen>, rules: readonly AlertRule[]): AlertWindow[] => {
  const sources = rules.flatMap(({ when, until, once, group }) => [
    when,
    until ?? 'true',
    once.key,
    group?.by ?? 'true',
  ]);
  const used = new Set(sources.flatMap(windowsIn));
  return [...used].sort().flatMap((name) => all.get(name)?.window ?? []);
};
