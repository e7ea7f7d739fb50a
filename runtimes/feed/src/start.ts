import { FeedProgram } from '@groundswell/graph';
import type { Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { startFanOut } from './fan-out/start-fan-out.ts';
import { startSaver } from './saver.ts';

/** Starts one consumer group of a Feed. The topics have to exist. */
export const startFeed = async (initial: FeedProgram, ports: Ports): Promise<Running> => {
  let program = initial;
  const { work } = program;
  const group =
    work.kind === 'saver' ? await startSaver(program, work, ports) : await startFanOut(program, work, ports);
  return {
    ...group,
    name: program.name,
    update: async (changed) => {
      const next = FeedProgram.parse(changed);
      if (fixedOf(next) !== fixedOf(program)) return false;
      program = next;
      group.update(next.work);
      return true;
    },
  };
};

/** What it stands on. */
const fixedOf = ({ pipeline, name, feed, posts, deadLetters, work }: FeedProgram): string =>
  JSON.stringify([
    ...[pipeline, name, feed, posts, deadLetters, work.kind],
    ...(work.kind === 'fanOut' ? [work.jobs, work.shards] : []),
  ]);
