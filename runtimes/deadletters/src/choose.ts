import type { Letter } from './letters.ts';

export interface Choice {
  readonly group?: string;
  /** Those too that were given back. */
  readonly replayed?: boolean;
}

export const chooseLetters = (letters: readonly Letter[], { group, replayed = false }: Choice): readonly Letter[] =>
  letters.filter(
    (letter) => (group === undefined || letter.group === group) && (replayed || letter.replayedAt === undefined),
  );

/** @throws Error for an id that no letter has */
export const findLetter = (letters: readonly Letter[], id: string): Letter => {
  const found = letters.find((letter) => letter.id === id);
  if (found === undefined)
    throw new Error(`Cannot find dead letter "${id}": there is none, list shows those that there are`);
  return found;
};
