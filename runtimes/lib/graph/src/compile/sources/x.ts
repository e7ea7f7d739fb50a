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
  ...(x.quota && { quota: quotaOf(reading, { ...x, quota: x.quota }, path) }),
});

type Limited = Pick<X, 'stream' | 'rules'> & { readonly quota: NonNullable<X['quota']> };

const quotaOf = (reading: PipelineReading, { stream, rules, quota }: Limited, path: Path): XReader['quota'] => {
  const { perMonth, perDay, resetDay, reserve, whenShort } = quota;
  if (whenShort === 'Sample' && stream === 'Sample')
    reading.refuse(
      [...path, 'quota', 'whenShort'],
      'Cannot thin out the sampled stream: X thins out by rules, which it has none of; write "whenShort: Pause"',
    );
  for (const [i, { name, value }] of rules.entries())
    if (whenShort === 'Sample' && /\bsample:/.test(value))
      reading.refuse(
        [...path, 'rules', i, 'value'],
        `Cannot thin out the rule "${name}": it has a "sample:" itself, remove it or write "whenShort: Pause"`,
      );
  return {
    ...(perMonth !== undefined && { perMonth }),
    ...(perDay !== undefined && { perDay }),
    resetDay,
    reservePercent: reserve,
    whenShort: whenShort === 'Sample' ? 'sample' : 'pause',
  };
};
