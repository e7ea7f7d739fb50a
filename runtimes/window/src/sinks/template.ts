import type { Upsert } from '@groundswell/windowing';
import { parseTemplate } from '@groundswell/wire';

/** A template of keys: the text for an upsert. */
export interface KeyTemplate {
  fill(upsert: Upsert): string;
  /** Each window end has a key of its own. */
  readonly perWindow: boolean;
}

/** Each window end has a text of its own. */
export const namesWindow = (template: string): boolean => /\{window_(start|end)\}/.test(template);

/** @throws Error for a name that is no key field */
export const compileTemplate = (template: string, keyNames: readonly string[]): KeyTemplate => {
  const pieces = parseTemplate(template).map((piece, i) => (i % 2 === 0 ? () => piece : partOf(piece, keyNames)));
  const unknown = parseTemplate(template).find((name, i) => i % 2 === 1 && partOf(name, keyNames) === undefined);
  if (unknown !== undefined)
    throw new Error(
      `Cannot fill "${template}": the window has no key field "${unknown}", it has ${keyNames.join(', ') || 'none'}`,
    );
  const known = pieces.filter((piece) => piece !== undefined);
  return {
    perWindow: namesWindow(template),
    fill: (upsert) => {
      let filled = '';
      for (const piece of known) filled += piece(upsert);
      return filled;
    },
  };
};

const partOf = (name: string, keyNames: readonly string[]): ((upsert: Upsert) => string) | undefined => {
  if (name === 'window_start') return ({ start }) => String(start);
  if (name === 'window_end') return ({ end }) => String(end);
  const at = keyNames.indexOf(name);
  return at < 0 ? undefined : ({ key }) => key[at] ?? '';
};
