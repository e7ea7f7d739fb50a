import type { Upsert } from '@groundswell/windowing';
import type { WindowResult } from '@groundswell/wire';
import type { SinkContext } from './sink.ts';

export const resultOf = (
  { key, start, end, nth, values }: Upsert,
  { window, names, tag }: SinkContext,
): WindowResult => ({
  window,
  key: [...key],
  start,
  end,
  values: values === null ? null : Object.fromEntries(names.map((name, i) => [name, values[i] ?? null])),
  ...(nth !== undefined && { nth }),
  ...(tag !== undefined && { tag: tag.name }),
});
