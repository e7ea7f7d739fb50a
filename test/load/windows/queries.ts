import type { WindowProgram } from '@groundswell/graph';
import { neededFields, windowerOptionsOf } from '@groundswell/window';
import type { WindowerOptions } from '@groundswell/windowing';
import { type SocialEvent, topicsOf } from '@groundswell/wire';
import { aWindow } from '../../flink/a-window.ts';

export interface Query {
  readonly name: string;
  readonly what: string;
  readonly program: WindowProgram;
  readonly options: WindowerOptions<SocialEvent>;
  /** All that it reads of an event. */
  readonly fields: ReturnType<typeof neededFields>;
}

const minute = 60_000;

/** Of a query whose windows have one length. */
export const slicesOf = ({ options: { shape } }: Query): { readonly sizeMs: number; readonly everyMs: number } => {
  if (shape.kind === 'hop') return shape;
  if (shape.kind === 'tumble') return { sizeMs: shape.sizeMs, everyMs: shape.sizeMs };
  throw new TypeError(`Cannot slice a ${shape.kind} window: it has no length`);
};

const query = (name: string, what: string, changes: Partial<WindowProgram>): Query => {
  // A sink that takes every window: so all are told, and held against the oracle.
  const program = aWindow(name.toLowerCase(), { emit: 'OnChange', ...changes });
  return { name, what, program, options: windowerOptionsOf(program), fields: neededFields(program) };
};

const clicks: Partial<WindowProgram> = {
  input: { topic: { name: topicsOf('compared').events }, where: "event.type == 'click'" },
};
const engagement: Partial<WindowProgram> = {
  key: ['user_id'],
  aggregations: [
    {
      kind: 'weightedSum',
      name: 'engagement',
      by: 'event.type',
      weights: { click: 1, like: 1, repost: 2, reply: 3 },
    },
  ],
};

/** The peer's queries, and each hop also as a tumbling window of one of its panes, to compare with. */
export const queries = {
  q1: query('Q1', 'tumble 1 min: count, sum, distinct', {
    aggregations: [
      { kind: 'count', name: 'events' },
      { kind: 'sum', name: 'amount', field: 'event.attributes.amount' },
      { kind: 'distinct', name: 'people', field: 'event.user_id' },
    ],
  }),
  q2: query('Q2', 'hop 5 min / 1 min: filtered count', {
    ...clicks,
    shape: { kind: 'hop', sizeMs: 5 * minute, everyMs: minute },
  }),
  q2Tumble: query('Q2t', 'tumble 1 min: filtered count', clicks),
  q3: query('Q3', 'hop 72 h / 5 min: weighted sum', {
    ...engagement,
    shape: { kind: 'hop', sizeMs: 72 * 60 * minute, everyMs: 5 * minute },
  }),
  q3Tumble: query('Q3t', 'tumble 5 min: weighted sum', {
    ...engagement,
    shape: { kind: 'tumble', sizeMs: 5 * minute },
  }),
  q4: query('Q4', 'session 30 s: count', { shape: { kind: 'session', gapMs: minute / 2 } }),
};

const everyWindow = ({ name, what, program }: Query): Query => query(name, what, { ...program, emit: 'EveryWindow' });

/** Those that are timed beside Flink; a hop tells every window, as it does, whether or not it differs from the one before. */
export const besideFlink = {
  q1: queries.q1,
  q2: everyWindow(queries.q2),
  q3: everyWindow(queries.q3),
  q4: queries.q4,
  q5: query('Q5', 'pattern: three clicks within 1 min', {
    key: ['user_id'],
    shape: {
      ...{ kind: 'pattern', withinMs: minute, afterMatch: 'SkipPastLast' },
      sequence: [{ name: 'click', where: "event.type == 'click'", min: 3, max: 3, strict: false, absent: false }],
    },
  }),
};
