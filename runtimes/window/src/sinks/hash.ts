import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Upsert, Value, Values } from '@groundswell/windowing';
import type { Sink, SinkContext, Writes } from './sink.ts';
import { compileTemplate } from './template.ts';

/**
 * A hash for each key: a field for each aggregation, and `@<window>` with the end of the window that they are of.
 * It holds the newest window, so corrections of older ones are not for it; only fields that changed are written.
 * Where the template names the window, each window has a hash of its own, written whole.
 */
export const createHashSink = (
  { key, ttlMs }: Extract<SinkSpec, { kind: 'hash' }>,
  { window, keyNames, names }: SinkContext,
): Sink => {
  const template = compileTemplate(key, keyNames);
  const endField = `@${window}`;
  const allFields = [...names, endField];

  const writeValues = (hash: string, { values, end, previous }: Upsert & { values: Values }, to: Writes): void => {
    const fields: Record<string, string> = {};
    const gone: string[] = [];
    for (let i = 0; i < names.length; i++) {
      const value = values[i] ?? null;
      if (!template.perWindow && previous !== undefined && previous[i] === value) continue;
      if (value === null) gone.push(names[i]!);
      else fields[names[i]!] = textOf(value);
    }
    fields[endField] = String(end);
    to.commands().hashSet(hash, fields);
    if (gone.length > 0) to.commands().hashDelete(hash, gone);
    if (ttlMs !== undefined) to.commands().expire(hash, ttlMs);
  };
  return {
    write: (upserts, to) => {
      for (const upsert of upserts) {
        if (!upsert.newest && !template.perWindow) continue;
        const { values } = upsert;
        const hash = template.fill(upsert);
        if (values === null) to.commands().hashDelete(hash, allFields);
        else writeValues(hash, { ...upsert, values }, to);
      }
    },
  };
};

const textOf = (value: Exclude<Value, null>): string => (typeof value === 'string' ? value : String(value));
