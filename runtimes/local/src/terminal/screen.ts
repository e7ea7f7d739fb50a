/** Shows a block of lines again and again: in place on a terminal, one below the other (and less often) elsewhere. */
export interface Screen {
  draw(lines: readonly string[]): void;
  /** Lines that stay, above what is drawn next. */
  say(lines: readonly string[]): void;
}

/** Where nobody watches, a block at most this often, ms. */
const plainEveryMs = 10_000;

export const createScreen = (to: NodeJS.WriteStream, now: () => number): Screen => {
  let drawn = 0;
  let drawnAt = now();
  const erase = (): void => {
    if (drawn > 0) to.write(`\u001b[${drawn}F\u001b[J`);
    drawn = 0;
  };
  return {
    draw: (lines) => {
      if (to.isTTY) {
        erase();
        const fitting = lines.slice(0, Math.max(1, (to.rows ?? 24) - 1));
        to.write(fitting.map((line) => `${line}\n`).join(''));
        drawn = fitting.length;
        return;
      }
      if (now() - drawnAt < plainEveryMs) return;
      drawnAt = now();
      to.write(`${lines.join('\n')}\n\n`);
    },
    say: (lines) => {
      erase();
      to.write(lines.map((line) => `${line}\n`).join(''));
    },
  };
};
