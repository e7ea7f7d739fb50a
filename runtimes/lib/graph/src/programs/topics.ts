import { topicsOf } from '@groundswell/wire';
import type { Topic } from './program.ts';
import type { Program } from './union.ts';

/** Partitions of a topic whose resource names none, on Kafka. */
const defaultPartitions = 12;

/** A topic as it is created on Kafka. */
export interface TopicOnKafka {
  readonly name: string;
  readonly partitions: number;
  /** Absent: without end. */
  readonly retentionMs?: number;
  readonly compacted?: boolean;
}

const onKafka = ({ name, partitions = defaultPartitions, retentionMs, compacted }: Topic): TopicOnKafka => ({
  ...{ name, partitions },
  ...(retentionMs !== undefined && { retentionMs }),
  ...(compacted !== undefined && { compacted }),
});

/** What programs need on Kafka, each topic once: those of their own, and that in which they keep their places. */
export const topicsOnKafka = (programs: readonly Program[]): readonly TopicOnKafka[] => {
  const wanted = [...new Set(programs.map(({ pipeline }) => pipeline))].map(
    (pipeline): Topic => ({ name: topicsOf(pipeline).checkpoints, partitions: 1, compacted: true }),
  );
  const byName = new Map<string, Topic>();
  // Whoever knows more of a topic than another says it.
  for (const topic of [...programs.flatMap(topicsOfProgram), ...wanted])
    byName.set(topic.name, { ...byName.get(topic.name), ...topic });
  return [...byName.values()].map(onKafka);
};

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
