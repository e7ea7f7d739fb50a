import { WindowProgram } from '@groundswell/graph';
import { neededFields, windowerOptionsOf } from '@groundswell/window';
import type { WindowerOptions } from '@groundswell/windowing';
import type { SocialEvent } from '@groundswell/wire';

export interface Query {
  readonly name: string;
  readonly what: string;
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
  const program = programOf(name, changes);
  return { name, what, options: windowerOptionsOf(program), fields: neededFields(program) };
};

const programOf = (name: string, changes: Partial<WindowProgram>): WindowProgram =>
  WindowProgram.parse({
    kind: 'window',
    name: 'window-bench',
    pipeline: 'bench',
    revision: '',
    window: name,
    input: { topic: { name: 'bench.events' } },
    changelog: { name: 'bench.changelog' },
    key: ['post_id'],
    shape: { kind: 'tumble', sizeMs: minute },
    head: 'Closed',
    emit: 'OnChange',
    watermark: { maxOutOfOrdernessMs: 20_000 },
    allowedLatenessMs: 0,
    deadLetters: { name: 'bench.dead-letters' },
    aggregations: [{ kind: 'count', name: 'events' }],
    // One that takes every window: so all are told, and held against the oracle.
    sinks: [{ kind: 'topic', topic: { name: 'bench.results' } }],
    ...changes,
  });

const clicks: Partial<WindowProgram> = {
  input: { topic: { name: 'bench.events' }, where: "event.type == 'click'" },
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
