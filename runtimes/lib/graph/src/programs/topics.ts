import type { Topic } from './program.ts';
import type { Program } from './union.ts';

/** The topics that a program reads or writes, for whoever has to create them. */
export const topicsOfProgram = (program: Program): readonly Topic[] => {
  switch (program.kind) {
    case 'ingest':
      return [program.output, program.deadLetters];
    case 'window':
      return [
        program.input.topic,
        program.deadLetters,
        ...(program.volume === undefined ? [program.changelog] : []),
        ...(program.joins ?? []).map(({ topic }) => topic),
        ...(program.rekey === undefined ? [] : [program.rekey.topic]),
        ...(program.lateTopic === undefined ? [] : [program.lateTopic]),
        ...program.sinks.flatMap((sink) => (sink.kind === 'topic' ? [sink.topic] : [])),
      ];
    case 'scorer':
      return [program.input, program.deadLetters, program.predictions, program.outcomes];
    case 'rollout':
      return [program.predictions, program.outcomes, program.deadLetters, program.decisions];
    case 'alerter':
      return [program.predictions, program.alerts, program.deadLetters, program.decisions, program.outcomes];
    case 'feed':
      return [
        program.posts,
        program.deadLetters,
        ...(program.work.kind === 'fanOut' ? [program.work.jobs] : []),
        ...(program.work.kind === 'ranker' ? [program.work.results] : []),
      ];
    case 'recommend':
      return [program.events, program.log, program.deadLetters];
    case 'api':
      return program.feed === undefined ? [] : [program.feed.posts, program.feed.events];
    case 'trainer':
      return [program.predictions, program.outcomes];
  }
};
