import { stringify } from 'yaml';

export type Form = 'table' | 'json' | 'yaml';

/** A pipe has no width: lines are then as long as in a wide window. */
export const widthOf = (stream: NodeJS.WriteStream): number => stream.columns ?? 160;

/** Prints a value as data, or as the lines that people read. */
export const print = (form: Form, value: object, lines: () => readonly string[]): void => {
  const texts = {
    json: () => `${JSON.stringify(value, null, 2)}\n`,
    yaml: () => stringify(value, { aliasDuplicateObjects: false }),
    table: () => `${lines().join('\n')}\n`,
  };
  process.stdout.write(texts[form]());
};
