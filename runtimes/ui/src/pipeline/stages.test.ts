import type { PipelineStatus, ProgramStatus } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { latenciesOf, stagesOf } from './stages.ts';

const program = (kind: string): ProgramStatus => ({
  ...{ name: kind, kind, revision: 'r', health: { kind: 'ready' } },
  ...{ records: 0, records_per_second: 0, watermark: null, watermark_lag_ms: null },
});
const status = (...kinds: readonly string[]): PipelineStatus => ({
  ...{ pipeline: 'p', started_at: 0, at: 0, event_time: null, events: null, events_per_second: null },
  ...{ watermark_lag_ms: null, programs: kinds.map(program) },
});

test('stages come in the order in which an event passes them, and what is unknown comes last', () => {
  expect(stagesOf(status('api', 'novel', 'window', 'ingest')).map(({ name }) => name)).toEqual([
    'Sources',
    'Windows',
    'API',
    'novel',
  ]);
});

test('latencies come in the order of the stages, of whatever program', () => {
  const stage = (name: string) => ({ stage: name, count: 1, p50_ms: 2, p99_ms: 3 });
  const programs = [{ ...program('scorer'), stages: ['features', 'sink'].map(stage) }, program('api')];
  const window = { ...program('window'), stages: [stage('window')] };
  expect(latenciesOf([...programs, window]).map((each) => `${each.program} ${each.stage}`)).toEqual([
    'window window',
    'scorer features',
    'scorer sink',
  ]);
});
