import type { Sink as SinkSpec } from '@groundswell/graph';
import { encodeJson } from '@groundswell/wire';
import { resultOf } from './result.ts';
import type { Sink, SinkContext } from './sink.ts';

/**
 * Every upsert as a WindowResult, by key. A compacted topic is a table of the newest result of each key: corrections of
 * older windows are left out, and what became empty is deleted by a record without a value.
 */
export const createTopicSink = (
  { topic: { name, compacted = false } }: Extract<SinkSpec, { kind: 'topic' }>,
  context: SinkContext,
): Sink => ({
  write: (upserts, to) => {
    for (const upsert of upserts) {
      if (compacted && !upsert.newest) continue;
      const value = compacted && upsert.values === null ? null : encodeJson(resultOf(upsert, context));
      to.send(name, { key: recordKeyOf(upsert.key), value, timestamp: upsert.end });
    }
  },
});

/** The parts joined by `|`; what is in them of `|` and `\` is escaped, so that different keys stay different. */
const recordKeyOf = (key: readonly string[]): string => key.map((part) => part.replace(/[\\|]/g, '\\$&')).join('|');
