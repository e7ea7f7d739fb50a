import type { Path } from '../problem.ts';
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

/** Refuses windows that would write over each other's values in the store. Windows may share a hash, not its fields. */
export const refuseCollisions = (parts: readonly Part[]): void => {
  const taken = new Map<string, { readonly owner: string; readonly what: string }>();
  for (const { program, reading } of parts) {
    if (program?.kind !== 'window') continue;
    const { refuse } = reading;
    program.sinks.forEach((sink, i) => {
      if (sink.kind === 'topic') return;
      const pattern = patternOf(sink.key);
      const fields = sink.kind === 'hash' ? program.aggregations.map(({ name }) => name) : ['*'];
      const path: Path = program.sinks.length === 1 ? ['sinks'] : ['sinks', i];
      const whole = taken.get(`${sink.kind === 'hash' ? 'series' : 'hash'} ${pattern}`);
      if (whole !== undefined)
        refuse(path, clash(sink.key, `the window "${whole.owner}" writes a ${whole.what} there`));
      for (const field of fields) {
        const id = `${sink.kind} ${pattern} ${field}`;
        const earlier = taken.get(id);
        const what = field === '*' ? 'a series' : `the field "${field}"`;
        if (earlier !== undefined)
          refuse(path, clash(sink.key, `the window "${earlier.owner}" writes ${what} there too`));
        taken.set(id, { owner: program.window, what: sink.kind });
      }
      taken.set(`${sink.kind} ${pattern}`, { owner: program.window, what: sink.kind });
    });
  }
};

const clash = (key: string, why: string): string =>
  `Cannot write to ${JSON.stringify(key)}: ${why}, another key or other names are needed`;
