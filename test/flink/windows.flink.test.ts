import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileTables, flinkSqlOf } from '@groundswell/flink';
import { eventEnvironment, type WindowProgram } from '@groundswell/graph';
import { topicsOf } from '@groundswell/wire';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { eventsFile } from '../load/windows/events.ts';
import { runFlink } from '../servers/flink.ts';
import { aWindow } from './a-window.ts';
import { ourRows } from './our-windows.ts';
import { differencesOf } from './rows.ts';

const [second, minute] = [1000, 60_000];

const clicks = { topic: { name: topicsOf('compared').events }, where: "event.type == 'click'" };

/** By the name of what is compared. */
const windows: Readonly<Record<string, WindowProgram>> = {
  'tumbling windows of a minute, with distinct users': aWindow('tumble', {
    aggregations: [
      { kind: 'count', name: 'events' },
      { kind: 'sum', name: 'amount', field: 'event.attributes.amount' },
      { kind: 'distinct', name: 'people', field: 'event.user_id' },
      { kind: 'max', name: 'most', field: 'event.attributes.amount', where: "event.type in ['like', 'repost']" },
    ],
  }),
  'hopping windows of five minutes, with a condition': aWindow('hop', {
    input: clicks,
    shape: { kind: 'hop', sizeMs: 5 * minute, everyMs: minute },
    aggregations: [
      { kind: 'count', name: 'clicks' },
      { kind: 'min', name: 'least', field: 'event.attributes.amount' },
      { kind: 'avg', name: 'mean', field: 'event.attributes.amount' },
      { kind: 'count', name: 'large', where: 'event.attributes.amount > 110' },
      { kind: 'avg', name: 'ofLarge', field: 'event.attributes.amount', where: 'event.attributes.amount > 110' },
      { kind: 'ratio', name: 'share', numerator: 'large', denominator: 'clicks', whenZero: 0 },
      { kind: 'ratio', name: 'inverse', numerator: 'clicks', denominator: 'large' },
      { kind: 'expression', name: 'heat', expression: 'ofLarge * 2 > mean ? share + 1 : least - clicks' },
    ],
  }),
  'weighted sums over hopping windows of an hour': aWindow('weighted', {
    key: ['author_id'],
    input: { ...clicks, where: "event.author_id.endsWith('7') && event.type != 'view'" },
    shape: { kind: 'hop', sizeMs: 60 * minute, everyMs: 5 * minute },
    aggregations: [
      { kind: 'weightedSum', name: 'whole', by: 'event.type', weights: { click: 1, like: 1, repost: 2, reply: 3 } },
      { kind: 'weightedSum', name: 'parts', by: 'event.type', weights: { like: 0.1, repost: 0.7 } },
    ],
  }),
  'sessions with a gap of 30 s': aWindow('session', {
    key: ['user_id'],
    shape: { kind: 'session', gapMs: 30 * second },
    emit: 'OnChange',
    aggregations: [
      { kind: 'count', name: 'events' },
      { kind: 'distinct', name: 'posts', field: 'event.post_id' },
      { kind: 'weightedSum', name: 'heat', by: 'event.type', weights: { like: 1, reply: 3 } },
    ],
  }),
  'tumbling windows of 7.5 s with one key for everything': aWindow('whole', {
    key: [],
    shape: { kind: 'tumble', sizeMs: 7500 },
    aggregations: [{ kind: 'count', name: 'events', where: 'event.attributes.amount > 100 && hour(event.at) < 3' }],
  }),
};

const click = { name: 'click', where: "event.type == 'click'", min: 1, max: 1, strict: false, absent: false };

/** Patterns, as of other windows. */
const patterns: typeof windows = {
  'three clicks of a user within a minute': aWindow('clicks', {
    key: ['user_id'],
    shape: {
      ...{ kind: 'pattern', withinMs: minute, afterMatch: 'SkipPastLast' },
      sequence: [{ ...click, min: 3, max: 3 }],
    },
    aggregations: [
      { kind: 'count', name: 'clicks' },
      { kind: 'sum', name: 'amount', field: 'event.attributes.amount' },
    ],
  }),
  'likes that are followed by a repost, with no reply in between': aWindow('reposted', {
    key: ['author_id'],
    input: { ...clicks, where: "event.type != 'view'" },
    shape: {
      ...{ kind: 'pattern', withinMs: 10 * second, afterMatch: 'SkipToNext' },
      sequence: [
        { ...click, name: 'likes', where: "event.type == 'like'", min: 1, max: 3, strict: true },
        { ...click, name: 'reply', where: "event.type == 'reply'", absent: true },
        { ...click, name: 'repost', where: "event.type == 'repost' && event.attributes.amount > 100" },
      ],
    },
    aggregations: [
      { kind: 'count', name: 'events' },
      { kind: 'max', name: 'most', field: 'event.attributes.amount', where: "event.type == 'like'" },
      { kind: 'weightedSum', name: 'heat', by: 'event.type', weights: { like: 1, repost: 2 } },
    ],
  }),
};

/** Events of each input, by seed: a million, and more with other seeds. */
const inputs = [
  { seed: 7, events: 1_000_000 },
  { seed: 21, events: 150_000 },
  { seed: 42, events: 150_000 },
];

const folder = mkdtempSync(join(tmpdir(), 'groundswell-flink-'));
const folderOf = (seed: number): string => join(folder, `seed-${seed}`);

beforeAll(async () => {
  const scripts = inputs.flatMap(({ seed, events }) =>
    Object.values({ ...windows, ...patterns }).map((program) => {
      const tables = fileTables(eventsFile(events, seed), folderOf(seed));
      const { statements, refusals } = flinkSqlOf(program, { environment: eventEnvironment, tables });
      expect(refusals).toEqual([]);
      return statements;
    }),
  );
  await runFlink(scripts, { folder });
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(inputs)(
  'of $events events with seed $seed, Flink and the window program give the same rows for',
  ({ seed, events }) => {
    test.each(Object.entries({ ...windows, ...patterns }))('%s', async (_, program) => {
      const ours = await ourRows(program, eventsFile(events, seed));
      const count = [...ours.values()].reduce((sum, times) => sum + times, 0);
      const folder = join(folderOf(seed), topicsOf('compared').results(program.window));
      expect(differencesOf(ours, folder)).toEqual({ lacking: [], tooMany: [] });
      expect(count).toBeGreaterThan(events / 10_000);
      process.stdout.write(`${program.window}, seed ${seed}: ${count} rows are equal\n`);
    });
  },
);
