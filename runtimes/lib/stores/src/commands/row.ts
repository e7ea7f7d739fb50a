import type { RowValue } from '../key-value.ts';
import type { RowCommand, WriteCommand } from './command.ts';

/** As a hash holds it. */
export const textOf = (value: Exclude<RowValue, null>): string => (typeof value === 'string' ? value : String(value));

/** What is left to write of a row, in the commands that every store knows. */
export const plainCommandsOf = ({ key, row: { names, values, before } }: RowCommand): readonly WriteCommand[] => {
  const set: [name: string, text: string][] = [];
  const gone: string[] = [];
  for (const [i, name] of names.entries()) {
    const value = values[i] ?? null;
    if (before !== undefined && (before[i] ?? null) === value) continue;
    if (value !== null) set.push([name, textOf(value)]);
    else gone.push(name);
  }
  return [
    ...(set.length > 0 ? [{ kind: 'hashSet' as const, key, fields: Object.fromEntries(set) }] : []),
    ...(gone.length > 0 ? [{ kind: 'hashDelete' as const, key, fields: gone }] : []),
  ];
};
