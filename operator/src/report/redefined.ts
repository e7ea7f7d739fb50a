import type { ProgramReport } from '@groundswell/process';
import type { Finding } from './conditions.ts';
import type { Standing } from './standing.ts';

type Redefinition = NonNullable<ProgramReport['redefinition']>;

/** Of the pods of a window, what the one says that is least far. */
export const redefinitionOf = ({ reports }: Pick<Standing, 'reports'>): Redefinition | undefined => {
  const said = reports.flatMap(({ current }) => current.redefinition ?? []);
  const order: readonly Redefinition['state'][] = ['Failed', 'WarmingUp', 'Kept'];
  const [first] = said.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state) || a.percent - b.percent);
  return first;
};

/** Whether a window counts as its resource says. */
export const redefinedOf = (standing: Standing): readonly Finding[] => {
  if (standing.verdict.object.kind !== 'FeatureWindow' || standing.reports.length === 0) return [];
  const type = 'DefinitionInForce';
  const { state = 'Kept', percent, reason, message = 'It counts as it is written.' } = redefinitionOf(standing) ?? {};
  if (state === 'Kept') return [{ type, status: 'True', reason: 'InForce', message }];
  if (state === 'WarmingUp')
    return [{ type, status: 'False', reason: 'WarmingUp', message: `${percent} %: ${message}` }];
  return [{ type, status: 'False', reason: reason ?? 'Failed', message }];
};
