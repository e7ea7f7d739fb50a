import { type ASTNode, Environment, ParseError } from '@marcbachmann/cel-js';
import { CelError } from './cel-error.ts';

/** Expressions are compiled to nested calls, so their size bounds the stack. */
const maxLength = 4096;
const maxNodes = 2000;

const parser = new Environment({
  unlistedVariablesAreDyn: true,
  enableOptionalTypes: true,
  limits: { maxAstNodes: maxNodes },
});

/**
 * The syntax tree, as the parser gives it. Macros stand in it as the calls that the user wrote.
 *
 * @throws CelError
 */
export const parseCel = (source: string): ASTNode => {
  if (source.trim() === '') throw new CelError(source, 0, 'it is empty, an expression is needed');
  if (source.length > maxLength)
    throw new CelError(source, maxLength, `it has ${source.length} characters, at most ${maxLength} are taken`);
  try {
    return parser.parse(source).ast;
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const offset = Math.min(error.range?.start ?? 0, source.length);
    throw new CelError(source, offset, worded(error.summary));
  }
};

const tokens: Readonly<Record<string, string>> = {
  EOF: 'the end',
  RPAREN: '")"',
  LPAREN: '"("',
  RBRACKET: '"]"',
  LBRACKET: '"["',
  RBRACE: '"}"',
  LBRACE: '"{"',
  COLON: '":"',
  COMMA: '","',
  DOT: '"."',
  QUESTION: '"?"',
  IDENTIFIER: 'a name',
  EQ: '"=="',
  NE: '"!="',
  AND: '"&&"',
  OR: '"||"',
  NOT: '"!"',
  NUMBER: 'a number',
  STRING: 'a string',
  BOOLEAN: 'a truth value',
};

/** The parser's words in ours: `Expected RPAREN, got EOF` becomes `expected ")", got the end`. */
const worded = (summary: string): string => {
  const text = summary.replace(/\b[A-Z]{2,}\b/g, (token) => tokens[token] ?? token.toLowerCase());
  const hint = /^Unexpected character: '?=/.test(text) ? ' (equality is written ==)' : '';
  return text.charAt(0).toLowerCase() + text.slice(1) + hint;
};
