import { FeedProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { startFanOut } from './fan-out/start-fan-out.ts';
import type { Group } from './group.ts';
import { startRanker } from './ranker/start-ranker.ts';
import { startSaver } from './saver.ts';

/** Starts one consumer group of a Feed. The topics have to exist. */
export const startFeed = async (initial: FeedProgram, ports: Ports): Promise<Running> => {
  let program = initial;
  const group = await startGroup(program, ports);
  return {
    ...group,
    name: program.name,
    update: async (changed) => {
      const next = FeedProgram.parse(changed);
      if (fixedOf(next) !== fixedOf(program)) return false;
      program = next;
      await group.update(next.work);
      return true;
    },
  };
};

const startGroup = (program: FeedProgram, ports: Ports): Promise<Group> => {
  const { work } = program;
  switch (work.kind) {
    case 'saver':
      return startSaver(program, work, ports);
    case 'fanOut':
      return startFanOut(program, work, ports);
    case 'ranker':
      return startRanker(program, work, ports);
  }
};

/** What it stands on. */
const fixedOf = ({ pipeline, name, feed, posts, deadLetters, work }: FeedProgram): string =>
  JSON.stringify([
    ...[pipeline, name, feed, posts, deadLetters, work.kind],
    ...(work.kind === 'fanOut' ? [work.jobs, work.shards] : []),
    ...(work.kind === 'ranker' ? [work.results, work.shards] : []),
  ]);
