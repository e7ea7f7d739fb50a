import type { PipelineStatus, ProgramStatus } from '@groundswell/wire';
import { expect, test } from 'vitest';
import { stagesOf } from './stages.ts';

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
