import type { Sink as SinkSpec } from '@groundswell/graph';
import type { Upsert } from '@groundswell/windowing';
import type { Sink, SinkContext } from './sink.ts';
import { compileTemplate } from './template.ts';

/**
 * A ranking: a member for each key of the window, by its newest value; one whose window is empty, or whose value is no
 * number, goes. Of more than `keep` members the lowest go too, and are back when their value changes.
 */
export const createSortedSetSink = (
  spec: Extract<SinkSpec, { kind: 'sortedSet' }>,
  { keyNames, names }: SinkContext,
): Sink => {
  const { keep, ttlMs } = spec;
  const key = compileTemplate(spec.key, keyNames);
  const member = compileTemplate(spec.member, keyNames);
  const perWindow = key.perWindow || member.perWindow;
  const place = names.indexOf(spec.score);
  const scoreOf = ({ values }: Upsert): number | undefined => {
    const value = values?.[place];
    return typeof value === 'number' && !Number.isNaN(value) ? value : undefined;
  };
  return {
    write: (upserts, to) => {
      const rankings = new Map<string, Map<string, number | undefined>>();
      for (const upsert of upserts) {
        if (!upsert.newest && !perWindow) continue;
        const ranking = key.fill(upsert);
        const scores = rankings.get(ranking) ?? new Map<string, number | undefined>();
        rankings.set(ranking, scores.set(member.fill(upsert), scoreOf(upsert)));
      }
      const commands = to.sharedCommands();
      for (const [ranking, scores] of rankings) {
        const all = [...scores];
        commands.sortedAdd(
          ranking,
          all.flatMap(([name, score]) => (score === undefined ? [] : [{ member: name, score }])),
        );
        commands.sortedRemove(
          ranking,
          all.flatMap(([name, score]) => (score === undefined ? [name] : [])),
        );
        if (keep !== undefined) commands.sortedRemoveByRank(ranking, 0, -(keep + 1));
        if (ttlMs !== undefined) commands.expire(ranking, ttlMs);
      }
    },
  };
};
