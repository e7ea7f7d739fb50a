import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';

/**
 * A sorted set of tags by the event time when they go, which other windows may write to as well: readers take those whose
 * time is to come. A match puts its tag off until `keepMs` after it, and clears away what is over.
 */
export const createTagsSink = (
  { key, ttlMs }: Extract<SinkSpec, { kind: 'tags' }>,
  { keyNames, tag }: SinkContext,
): Sink => {
  const template = compileTemplate(key, keyNames);
  return {
    write: (upserts, to) => {
      if (tag === undefined) return;
      for (const upsert of upserts) {
        const { end, values } = upsert;
        if (values === null) continue;
        const tags = template.fill(upsert);
        const commands = to.commands();
        commands.sortedRemoveByScore(tags, -Infinity, end);
        commands.sortedAdd(tags, [{ member: tag.name, score: end + tag.keepMs }]);
        commands.expire(tags, ttlMs);
      }
    },
  };
};
