import type { Sink as SinkSpec } from '@groundswell/graph';
import { resultOf } from './result.ts';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';

/**
 * A sorted set of results by window end. A result replaces that of the same end and key, but for the further matches of a
 * pattern; the newest `keep` stay.
 */
export const createSeriesSink = (
  { key, keep, ttlMs }: Extract<SinkSpec, { kind: 'series' }>,
  context: SinkContext,
): Sink => {
  const template = compileTemplate(key, context.keyNames);
  return {
    write: (upserts, to) => {
      for (const upsert of upserts) {
        const series = template.fill(upsert);
        const { end, nth = 0 } = upsert;
        const commands = to.commands();
        if (nth === 0) commands.sortedRemoveByScore(series, end, end);
        if (upsert.values === null) continue;
        commands.sortedAdd(series, [{ member: JSON.stringify(resultOf(upsert, context)), score: end }]);
        commands.sortedRemoveByRank(series, 0, -(keep + 1));
        if (ttlMs !== undefined) commands.expire(series, ttlMs);
      }
    },
  };
};
