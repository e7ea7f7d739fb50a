import { keyName, type Sink as SinkSpec, type WindowProgram } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import { createHashSink } from './hash.ts';
import { createSeriesSink } from './series.ts';
import type { Sink, SinkContext } from './sink.ts';
import { createTopicSink } from './topic.ts';

/** @throws Error for a key template with a name that the key does not have */
export const createSinks = ({ window, key, aggregations, sinks }: WindowProgram, clock: Clock): readonly Sink[] => {
  const context: SinkContext = {
    window,
    keyNames: key.map(keyName),
    names: aggregations.map(({ name }) => name),
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
    case 'topic':
      return createTopicSink(sink, context);
  }
};
