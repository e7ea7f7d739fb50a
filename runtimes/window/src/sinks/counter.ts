import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';

/** One number for each key, that of its newest window; none where there is no number. */
export const createCounterSink = (
  spec: Extract<SinkSpec, { kind: 'counter' }>,
  { keyNames, names }: SinkContext,
): Sink => {
  const { ttlMs } = spec;
  const template = compileTemplate(spec.key, keyNames);
  const place = names.indexOf(spec.value);
  return {
    write: (upserts, to) => {
      for (const upsert of upserts) {
        if (!upsert.newest && !template.perWindow) continue;
        const key = template.fill(upsert);
        const value = upsert.values?.[place];
        const commands = to.commands();
        if (typeof value !== 'number' || !Number.isFinite(value)) {
          commands.delete(key);
          continue;
        }
        commands.counterSet(key, value);
        if (ttlMs !== undefined) commands.expire(key, ttlMs);
      }
    },
  };
};
