import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Value } from '@groundswell/windowing';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';

/** The elements of a value that is a list, as its newest window has them: all are written anew, the old ones cut off. */
export const createListSink = (spec: Extract<SinkSpec, { kind: 'list' }>, { keyNames, names }: SinkContext): Sink => {
  const { keep, ttlMs } = spec;
  const template = compileTemplate(spec.key, keyNames);
  const place = names.indexOf(spec.value);
  return {
    write: (upserts, to) => {
      for (const upsert of upserts) {
        if (!upsert.newest && !template.perWindow) continue;
        const key = template.fill(upsert);
        const texts = textsOf(upsert.values?.[place] ?? null).slice(0, keep);
        const commands = to.commands();
        if (texts.length === 0) commands.delete(key);
        else commands.listPush(key, texts.toReversed(), texts.length);
        if (texts.length > 0 && ttlMs !== undefined) commands.expire(key, ttlMs);
      }
    },
  };
};

const textsOf = (value: Value): readonly string[] => {
  if (value === null || typeof value !== 'object') return [];
  return value.map((element) => String(typeof element === 'object' ? element.value : element));
};
