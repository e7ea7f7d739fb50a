import type { Value } from '@groundswell/windowing';

/** A value in the store: texts and numbers as they are, lists as JSON. */
export const textOf = (value: Exclude<Value, null>): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
};
