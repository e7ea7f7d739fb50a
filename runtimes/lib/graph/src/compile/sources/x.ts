import type { ViralityPipeline } from '@groundswell/crds';
import type { Path } from '../../problem.ts';
import type { XReader } from '../../programs/index.ts';
import type { PipelineReading } from '../context.ts';
import { secretOf } from './references.ts';

type X = NonNullable<ViralityPipeline['spec']['sources'][number]['x']>;

export const xOf = (reading: PipelineReading, x: X, path: Path): XReader => ({
  kind: 'x',
  stream: x.stream === 'Filtered' ? 'filtered' : 'sample',
  token: secretOf(x.tokenRef),
  endpoint: x.endpoint,
  rules: x.rules.map(({ name, value }) => ({ name, value })),
  foreignRules: x.foreignRules,
  backfillMinutes: x.backfillMinutes,
  redundant: x.redundant,
  heartbeatTimeoutMs: x.heartbeatTimeout,
  compliance: x.compliance,
  ...(x.quota && { quota: quotaOf(reading, x.quota, [...path, 'quota']) }),
});

const quotaOf = (reading: PipelineReading, quota: NonNullable<X['quota']>, path: Path): XReader['quota'] => {
  const { perMonth, perDay, resetDay, reserve, whenShort } = quota;
  if (whenShort === 'Sample') reading.notYet([...path, 'whenShort'], 'write "whenShort: Pause"');
  return {
    ...(perMonth !== undefined && { perMonth }),
    ...(perDay !== undefined && { perDay }),
    resetDay,
    reservePercent: reserve,
  };
};
