/** Letters to change, add or leave out to get from one word to the other (Levenshtein). */
const distance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, i) => i);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
};

/** The known word that was probably meant, when two letters or a third at most are wrong. */
export const nearest = (written: string, known: readonly string[]): string | undefined => {
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const word of known) {
    const off = distance(written.toLowerCase(), word.toLowerCase());
    if (off < least && off <= (word.length <= 3 ? 1 : Math.max(2, Math.floor(word.length / 3))))
      [best, least] = [word, off];
  }
  return best;
};
