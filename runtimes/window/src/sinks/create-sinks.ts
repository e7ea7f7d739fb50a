import { keyName, type Sink as SinkSpec, type WindowProgram } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import { createCounterSink } from './counter.ts';
import { createHashSink } from './hash.ts';
import { createListSink } from './list.ts';
import { createSeriesSink } from './series.ts';
import type { Sink, SinkContext } from './sink.ts';
import { createSortedSetSink } from './sorted-set.ts';
import { createTagsSink } from './tags.ts';
import { createTopicSink } from './topic.ts';

/** @throws Error for a key template with a name that the key does not have */
export const createSinks = (
  { window, key, aggregations, sinks, tag }: WindowProgram,
  clock: Clock,
): readonly Sink[] => {
  const context: SinkContext = {
    window,
    keyNames: key.map(keyName),
    names: aggregations.map(({ name }) => name),
    tag,
    clock,
  };
  return sinks.map((sink) => createSink(sink, context));
};

const createSink = (sink: SinkSpec, context: SinkContext): Sink => {
  switch (sink.kind) {
    case 'hash':
      return createHashSink(sink, context);
    case 'series':
      return createSeriesSink(sink, context);
    case 'sortedSet':
      return createSortedSetSink(sink, context);
    case 'list':
      return createListSink(sink, context);
    case 'counter':
      return createCounterSink(sink, context);
    case 'tags':
      return createTagsSink(sink, context);
    case 'topic':
      return createTopicSink(sink, context);
  }
};
