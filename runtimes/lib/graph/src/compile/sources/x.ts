import type { ViralityPipeline } from '@groundswell/crds';
import type { XReader } from '../../programs/index.ts';
import { secretOf } from './references.ts';

type X = NonNullable<ViralityPipeline['spec']['sources'][number]['x']>;

export const xOf = (x: X): XReader => ({
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
});
