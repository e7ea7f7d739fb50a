import type { ASTNode } from '@marcbachmann/cel-js';
import { type Emitting, type Sql, textLiteral, typed } from './sql.ts';

/**
 * RE2's patterns in Java's: those that both understand, each piece with what it becomes. Where the two mean different
 * things by one text (`$` is also before a final newline in Java, `.` leaves out more line ends), the longer form is written.
 */
const pieces: readonly (readonly [RegExp, (piece: string) => string])[] = [
  [/^\\[dDwW]/, (piece) => piece],
  [/^\\s/, () => '[\\t\\n\\f\\r ]'],
  [/^\\[^A-Za-z0-9\s]/, (piece) => piece],
  [/^\\[tnfr]/, (piece) => piece],
  [/^\[\^?(?:[^\\[\]&~|-]-[^\\[\]&~|-]|\\[dwtnfr]|\\[^A-Za-z0-9\s]|[^\\[\]&~|-])+-?\]/, (piece) => piece],
  [/^\((?:\?:|(?!\?))/, (piece) => piece],
  [/^[)|^]/, (piece) => piece],
  [/^(?:[*+?]|\{\d+(?:,\d*)?\})\??/, (piece) => piece],
  [/^\$/, () => '\\z'],
  [/^\./, () => '[^\\n]'],
  [/^[^\\.[\](){}*+?^$|]/u, (piece) => piece],
];

/** The pattern in Java's form; undefined where it holds something that Java may understand otherwise. */
export const javaPattern = (pattern: string): string | undefined => {
  let rest = pattern;
  let written = '';
  while (rest !== '') {
    const found = pieces.find(([shape]) => shape.test(rest));
    if (found === undefined) return undefined;
    const [piece] = found[0].exec(rest) ?? [''];
    written += found[1](piece);
    rest = rest.slice(piece.length);
  }
  // A second repetition after one is possessive in Java and an error in RE2, which was refused before.
  return written;
};

export const emitMatches = (emitting: Emitting, node: ASTNode, [text, pattern]: readonly ASTNode[]): Sql => {
  const written = pattern?.op === 'value' && typeof pattern.args === 'string' ? pattern.args : undefined;
  const translated = written === undefined ? undefined : javaPattern(written);
  if (translated === undefined || translated === '')
    return emitting.refuse(pattern ?? node, 'the pattern may mean something else in Java, which Flink uses');
  return { sql: `REGEXP(${typed(emitting, text ?? node, 'text')}, ${textLiteral(translated)})`, type: 'truth' };
};
