import type { Refusals } from './refusals.ts';
import type { FlinkWindow } from './window.ts';

/** Refuses what windows of SQL do not have, whatever is aggregated. */
export const refuseUnsayable = (window: FlinkWindow, { refuse }: Refusals): void => {
  if (window.head !== 'Closed')
    refuse(['window', 'head'], 'its windows publish nothing before they close, use head: Closed');
  // Of other shapes, each window of a key is published once either way.
  if (window.shape.kind === 'hop' && window.emit !== 'EveryWindow')
    refuse(['emit'], 'its windows publish every key with content, use emit: EveryWindow');
  if (window.allowedLatenessMs > 0)
    refuse(['watermark', 'allowedLateness'], 'its windows drop what is late, use 0s and a larger maxOutOfOrderness');
  if (window.lateTopic !== undefined)
    refuse(['watermark', 'lateEvents'], 'its windows drop what is late without a trace, use Count');
  window.sinks.forEach(({ kind }, i) => {
    if (kind !== 'topic') refuse(['sinks', i], `there is no connector for a ${kind} in Redis, a topic is needed`);
  });
  if (window.aggregations.length === 0) refuse(['aggregations'], 'a row needs a value, add {name: events, count: {}}');
  if (window.sinks.length === 0) refuse(['sinks'], 'it has nowhere to write to, a topic is needed');
};
