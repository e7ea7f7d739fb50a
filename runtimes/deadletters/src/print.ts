import type { Letter } from './letters.ts';
import type { Replayed } from './replay.ts';

export type Form = 'table' | 'json';

const textOf = ({ raw }: Letter): string => Buffer.from(raw, 'base64').toString('utf8');

/** With the content as text, as JSON is for people and scripts; `raw` has the bytes. */
const plain = (letter: Letter) => ({
  ...letter,
  at: new Date(letter.at).toISOString(),
  replayedAt: letter.replayedAt === undefined ? null : new Date(letter.replayedAt).toISOString(),
  content: textOf(letter),
});

const columns = (rows: readonly (readonly string[])[]): string => {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, i) => cell.padEnd(widths[i] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
};

export const printLetters = (letters: readonly Letter[], form: Form): string => {
  if (form === 'json') return JSON.stringify(letters.map(plain), null, 2);
  if (letters.length === 0) return 'No dead letters';
  const rows = letters.map(({ id, at, group, origin, offset, reason, replayedAt }) => [
    ...[id, new Date(at).toISOString(), group, `${origin}${offset === '' ? '' : `@${offset}`}`],
    ...[replayedAt === undefined ? 'no' : 'yes', reason],
  ]);
  return columns([['ID', 'AT', 'GROUP', 'FROM', 'REPLAYED', 'REASON'], ...rows]);
};

export const printLetter = (letter: Letter, form: Form): string => {
  if (form === 'json') return JSON.stringify(plain(letter), null, 2);
  const { content, raw: _, ...rest } = plain(letter);
  const lines = Object.entries(rest).map(([name, value]) => [`${name}:`, value ?? 'no']);
  return `${columns(lines)}\n\n${content}`;
};

export const printReplayed = (replayed: readonly Replayed[], form: Form): string => {
  if (form === 'json')
    return JSON.stringify(
      replayed.map(({ id, to, why }) => ({ id, to: to ?? null, why: why ?? null })),
      null,
      2,
    );
  if (replayed.length === 0) return 'Nothing to give back';
  return replayed.map(({ id, to, why }) => `${id}  ${to === undefined ? `kept: ${why}` : `given to ${to}`}`).join('\n');
};
