import type { Path } from '../problem.ts';
import type { WindowProgram } from '../programs/index.ts';
import type { Reading } from './reading.ts';
import type { Unhashed } from './revision.ts';
import { namesIn } from './sinks.ts';

interface Part {
  readonly reading: Reading<unknown>;
  readonly program: Unhashed | undefined;
}

/** Templates that can give equal keys: those that differ only in the names of what varies. */
const patternOf = (template: string): string =>
  namesIn(template).reduce((pattern, name) => pattern.replace(`{${name}}`, '{}'), template);

/** What a sink makes of a key, in words. */
const made = {
  hash: 'a hash',
  series: 'a series',
  sortedSet: 'a sorted set',
  list: 'a list',
  counter: 'a counter',
  tags: 'tags',
} as const;

/** Windows may share hashes and sets of tags, but not what stands in them. */
const contentOf = (sink: WindowProgram['sinks'][number], { aggregations, tag }: Window): readonly string[] => {
  if (sink.kind === 'hash') return aggregations.map(({ name }) => `the field "${name}"`);
  return sink.kind === 'tags' ? [`the tag "${tag?.name}"`] : [''];
};

/** Refuses windows that would write over each other's values in the store. */
export const refuseCollisions = (parts: readonly Part[]): void => {
  const taken = new Map<string, { readonly owner: string; readonly what: keyof typeof made }>();
  for (const { program, reading } of parts) {
    if (program?.kind !== 'window') continue;
    program.sinks.forEach((sink, i) => {
      if (sink.kind === 'topic') return;
      const pattern = patternOf(sink.key);
      const path: Path = program.sinks.length === 1 ? ['sinks'] : ['sinks', i];
      const refuse = (owner: string, what: string): void =>
        reading.refuse(path, clash(sink.key, `the window "${owner}" writes ${what}`));
      const whole = taken.get(pattern);
      if (whole !== undefined && whole.what !== sink.kind) refuse(whole.owner, `${made[whole.what]} there`);
      for (const content of contentOf(sink, program)) {
        const id = `${sink.kind} ${pattern} ${content}`;
        const earlier = taken.get(id);
        if (earlier !== undefined) refuse(earlier.owner, `${content || made[sink.kind]} there too`);
        taken.set(id, { owner: program.window, what: sink.kind });
      }
      taken.set(pattern, { owner: program.window, what: sink.kind });
    });
  }
};

type Window = Pick<WindowProgram, 'aggregations' | 'tag'>;

const clash = (key: string, why: string): string =>
  `Cannot write to ${JSON.stringify(key)}: ${why}, another key or other names are needed`;
