import type { Sink as SinkSpec } from '@groundswell/graph';
import { encodeJson } from '@groundswell/wire';
import { resultOf } from './result.ts';
import type { Sink, SinkContext } from './sink.ts';

/** Every upsert as a WindowResult, by key, so that a compacted topic keeps the newest of each key. */
export const createTopicSink = ({ topic }: Extract<SinkSpec, { kind: 'topic' }>, context: SinkContext): Sink => ({
  write: (upserts, to) => {
    for (const upsert of upserts)
      to.send(topic.name, {
        key: recordKeyOf(upsert.key),
        value: encodeJson(resultOf(upsert, context)),
        timestamp: upsert.end,
      });
  },
});

/** The parts joined by `|`; what is in them of `|` and `\` is escaped, so that different keys stay different. */
const recordKeyOf = (key: readonly string[]): string => key.map((part) => part.replace(/[\\|]/g, '\\$&')).join('|');
