import type { Aggregate } from './aggregate.ts';
import { intervalOf, millisOf } from './intervals.ts';
import type { Key } from './keys.ts';
import type { Refusals } from './refusals.ts';
import type { FlinkShape } from './window.ts';

/** Of all but patterns: a query whose rows are results: columns of the key, `window_start`, `window_end` (ms) and an aggregate each. */
export const emitWindowQuery = (
  shape: FlinkShape,
  { key, aggregates, refusals }: { key: Key; aggregates: readonly Aggregate[]; refusals: Refusals },
): string => {
  const columns = [
    ...key.names,
    `${millisOf('window_start')} AS window_start_ms`,
    `${millisOf('window_end')} AS window_end_ms`,
    ...aggregates.flatMap(({ measured }) => (measured === undefined ? [] : [`${measured.sql} AS ${measured.column}`])),
  ];
  return [
    `SELECT\n  ${columns.join(',\n  ')}`,
    `FROM TABLE(${tableFunction(shape, key, refusals)})`,
    `GROUP BY ${['window_start', 'window_end', ...key.names].join(', ')}`,
  ].join('\n');
};

const tableFunction = (shape: FlinkShape, key: Key, refusals: Refusals): string => {
  const { kind, sizeMs = 0, everyMs = 0, gapMs = 0 } = shape;
  switch (kind) {
    case 'tumble':
      return `TUMBLE(TABLE taken, DESCRIPTOR(ts), ${intervalOf(sizeMs)})`;
    case 'hop':
      return `HOP(TABLE taken, DESCRIPTOR(ts), ${intervalOf(everyMs)}, ${intervalOf(sizeMs)})`;
    case 'session': {
      if (shape.maxMs !== undefined)
        refusals.refuse(['window', 'session', 'maxDuration'], 'its sessions have no longest duration, remove it');
      const by = key.names.length === 0 ? '' : ` PARTITION BY (${key.names.join(', ')})`;
      return `SESSION(TABLE taken${by}, DESCRIPTOR(ts), ${intervalOf(gapMs)})`;
    }
    default:
      refusals.refuse(['window'], `it has no ${kind} windows, use tumble, hop, session or pattern`);
      return 'TABLE taken';
  }
};
