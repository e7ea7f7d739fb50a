import type { WindowReading } from './context.ts';

/** Says of values that nothing clears away when the window of their key is over. */
export const warnOfWhatStays = ({ spec, name, warn }: WindowReading, why: string): void => {
  const stays = (what: string): string => `Cannot tell when the values of ${what} go: ${why}, give a ttl`;
  if (spec.sinks.length === 0) warn(['sinks'], stays(`"${name}"`));
  spec.sinks.forEach(({ redis }, i) => {
    for (const kind of ['hash', 'sortedSet', 'list', 'counter'] as const) {
      const sink = redis?.[kind];
      if (sink !== undefined && sink.ttl === undefined)
        warn(['sinks', i, 'redis', kind], stays(JSON.stringify(sink.key)));
    }
  });
};
