import type { ASTNode } from '@marcbachmann/cel-js';
import { sameTyped, truncated } from './operators.ts';
import { emitMatches } from './regex.ts';
import { type Emitting, type Sql, typed } from './sql.ts';

type Node<Op extends ASTNode['op']> = Extract<ASTNode, { readonly op: Op }>;
type Emit = (emitting: Emitting, args: readonly ASTNode[], node: ASTNode) => Sql;

const notTheSame = 'its last digit may differ between Flink and Groundswell';

const numbers =
  (write: (...args: readonly string[]) => string, type: 'number' | 'whole' = 'number'): Emit =>
  (emitting, args) => ({ sql: write(...args.map((arg) => typed(emitting, arg, 'number'))), type });

const extreme =
  (name: 'LEAST' | 'GREATEST'): Emit =>
  (emitting, args) => {
    const values = args.map((arg) => typed(emitting, arg, 'number'));
    const type = args.every((arg) => emitting.part(arg, 'number').type === 'whole') ? 'whole' : 'number';
    return { sql: values.length === 1 ? (values[0] ?? '') : `${name}(${values.join(', ')})`, type };
  };

/** Of whole ms since the epoch: how many units there were, in a cycle of so many. */
const cycle = (
  at: string,
  { unitMs, length, shift = 0 }: { unitMs: number; length: number; shift?: number },
): string => {
  const elapsed = `FLOOR(${at} / ${unitMs}E0)`;
  const units = shift === 0 ? elapsed : `(${elapsed} + ${shift}E0)`;
  return `(${units} - ${length}E0 * FLOOR(${units} / ${length}E0))`;
};

const clock =
  (of: { unitMs: number; length: number; shift?: number }): Emit =>
  ({ part, refuse }, [at], node) => {
    const time = at === undefined ? undefined : part(at, 'number');
    if (time?.type !== 'whole') return refuse(at ?? node, 'it is not known to be a whole number of milliseconds');
    return { sql: cycle(time.sql, of), type: 'whole' };
  };

const hour = clock({ unitMs: 3_600_000, length: 24 });
const weekday = clock({ unitMs: 86_400_000, length: 7, shift: 4 });

/** Beyond 2^53 an int would not be exact: absent. */
const toInt: Emit = (emitting, [arg], node) => {
  const sql = truncated(typed(emitting, arg ?? node, 'number'));
  return { sql: `(CASE WHEN ABS(${sql}) <= 9007199254740991E0 THEN ${sql} END)`, type: 'whole' };
};

const toText: Emit = ({ part, refuse }, [arg], node) => {
  const { sql, type } = part(arg ?? node, 'text');
  if (type === 'text') return { sql, type };
  if (type === 'truth') return { sql: `(CASE WHEN ${sql} THEN 'true' WHEN NOT ${sql} THEN 'false' END)`, type: 'text' };
  if (type === 'whole') return { sql: `CAST(CAST(${sql} AS BIGINT) AS STRING)`, type: 'text' };
  return refuse(node, 'Flink writes fractions in another form, a whole number or a text is needed');
};

const identity =
  (type: 'number' | 'truth'): Emit =>
  (emitting, [arg], node) => {
    const sql = typed(emitting, arg ?? node, type);
    return { sql, type: emitting.part(arg ?? node, type).type };
  };

const sizeOf: Emit = ({ part, refuse }, [arg], node) => {
  const { sql, type } = part(arg ?? node);
  if (type === 'text') return { sql: `CAST(CHAR_LENGTH(${sql}) AS DOUBLE)`, type: 'whole' };
  if (type === 'texts') return { sql: `CAST(CARDINALITY(${sql}) AS DOUBLE)`, type: 'whole' };
  return refuse(node, 'a text or a list is needed');
};

const present: Emit = ({ part }, [arg], node) => ({ sql: `(${part(arg ?? node).sql} IS NOT NULL)`, type: 'truth' });

const orValue: Emit = (emitting, [value, other], node) => {
  const [a, b] = sameTyped(emitting, value ?? node, other ?? node);
  return { sql: `COALESCE(${a.sql}, ${b.sql})`, type: a.type === b.type ? a.type : 'number' };
};

const texts =
  (write: (text: string, part: string) => string): Emit =>
  (emitting, args) => {
    const [text = '', part = ''] = args.map((arg) => typed(emitting, arg, 'text'));
    return { sql: write(text, part), type: 'truth' };
  };

const ascii = { upper: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', lower: 'abcdefghijklmnopqrstuvwxyz' };
const asciiCase =
  (from: string, to: string): Emit =>
  (emitting, [text], node) => ({
    sql: `TRANSLATE(${typed(emitting, text ?? node, 'text')}, '${from}', '${to}')`,
    type: 'text',
  });

/** Functions and methods that SQL can say; a method has its receiver for its first argument. */
const emitters: Readonly<Record<string, Emit>> = {
  has: present,
  hasValue: present,
  or: orValue,
  orValue,
  value: ({ part }, [arg], node) => part(arg ?? node),
  dyn: ({ part }, [arg], node) => part(arg ?? node),
  size: sizeOf,
  int: toInt,
  double: identity('number'),
  bool: identity('truth'),
  string: toText,
  abs: numbers((x) => `ABS(${x})`),
  sign: numbers((x) => `SIGN(${x})`, 'whole'),
  floor: numbers((x) => `FLOOR(${x})`, 'whole'),
  ceil: numbers((x) => `CEIL(${x})`, 'whole'),
  round: numbers((x) => `ROUND(${x}, 0)`, 'whole'),
  ratio: numbers((a, b) => `(CASE WHEN ${a} IS NOT NULL AND ${b} = 0E0 THEN 0E0 ELSE ${a} / ${b} END)`),
  min: extreme('LEAST'),
  max: extreme('GREATEST'),
  clamp: numbers((x, low, high) => `LEAST(GREATEST(${x}, ${low}), ${high})`),
  hour,
  weekday,
  getHours: hour,
  getDayOfWeek: weekday,
  getMinutes: clock({ unitMs: 60_000, length: 60 }),
  getSeconds: clock({ unitMs: 1000, length: 60 }),
  getMilliseconds: clock({ unitMs: 1, length: 1000 }),
  contains: texts((text, part) => `(INSTR(${text}, ${part}) > 0)`),
  startsWith: texts((text, part) => `STARTSWITH(${text}, ${part})`),
  endsWith: texts((text, part) => `ENDSWITH(${text}, ${part})`),
  lowerAscii: asciiCase(ascii.upper, ascii.lower),
  upperAscii: asciiCase(ascii.lower, ascii.upper),
};

const refused: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['exp', 'ln', 'log1p', 'log2', 'log10', 'sin', 'cos', 'pow'].map((name) => [name, notTheSame])),
  sqrt: 'of negative numbers it is not a number here and an error there',
  ...Object.fromEntries(
    ['all', 'exists', 'exists_one', 'filter', 'map'].map((name) => [
      name,
      'SQL has no conditions on the elements of a list',
    ]),
  ),
};

/** A function or method. */
export const emitCall = (emitting: Emitting, node: Node<'call' | 'rcall'>): Sql => {
  const name = node.args[0];
  const args = node.op === 'call' ? node.args[1] : [node.args[1], ...node.args[2]];
  if (name === 'matches') return emitMatches(emitting, node, args);
  const emit = Object.hasOwn(emitters, name) ? emitters[name] : undefined;
  if (emit !== undefined) return emit(emitting, args, node);
  const why = Object.hasOwn(refused, name) ? `: ${refused[name]}` : '';
  return emitting.refuse(node, `${name}() has no equal in Flink SQL${why}`);
};
