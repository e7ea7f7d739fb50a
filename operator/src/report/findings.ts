import type { Workload } from '../plan/rollout.ts';
import type { Finding } from './conditions.ts';
import { ledgerOf } from './measured.ts';
import { isConserved } from './measures.ts';
import { stableOf } from './model.ts';
import { redefinedOf } from './redefined.ts';
import { measuresOf, type Standing } from './standing.ts';

const joined = (messages: readonly string[]): string => messages.join('; ');

const acceptedOf = ({ verdict }: Standing): Finding =>
  verdict.refused.length > 0
    ? { type: 'Accepted', status: 'False', reason: 'Refused', message: joined(verdict.refused) }
    : {
        type: 'Accepted',
        status: 'True',
        reason: 'Compiled',
        message: verdict.warnings.length > 0 ? joined(verdict.warnings) : 'All of it can run.',
      };

const referencesOf = ({ verdict }: Standing): Finding =>
  verdict.waiting.length > 0
    ? { type: 'ReferencesResolved', status: 'False', reason: 'ReferenceMissing', message: joined(verdict.waiting) }
    : {
        type: 'ReferencesResolved',
        status: 'True',
        reason: 'ReferencesFound',
        message: 'Everything that it names is there.',
      };

const availableOf = (standing: Standing): Finding => {
  const { verdict, programs, workloads } = standing;
  const type = 'Available';
  if (verdict.suspended)
    return { type, status: 'False', reason: 'Suspended', message: 'It is suspended: no pod runs.' };
  const lacking = programs.filter(({ name }) => !workloads.some(({ program }) => program === name));
  const behind = workloads.filter(({ rolledOut }) => !rolledOut);
  if (workloads.length === 0 || lacking.length > 0)
    return { type, status: 'False', reason: 'NotDeployed', message: 'There are no pods for it yet.' };
  if (behind.length === 0)
    return { type, status: 'True', reason: 'PodsReady', message: `${sum(workloads, 'ready')} pods are ready.` };
  const troubles = behind.flatMap(({ program }) => measuresOf(standing, program)?.troubles ?? []);
  const parts = behind.map(
    ({ program, ready, wanted }) => `${ready} of ${wanted} pods of ${program} are ready and up to date`,
  );
  return { type, status: 'False', reason: 'PodsNotReady', message: joined([...parts, ...troubles]) };
};

/** While records are on their way they are counted in, and not yet as anything else: then the last word stands. */
const conservedOf = (standing: Standing): readonly Finding[] => {
  const known = ledgerOf(standing);
  if (known === undefined) return [];
  const { ledger, isMoving } = known;
  const { conditions = [] } = (standing.verdict.object['status'] ?? {}) as { conditions?: readonly Finding[] };
  const type = 'Conserved';
  if (isConserved(ledger))
    return [{ type, status: 'True', reason: 'LedgerBalanced', message: 'Every event that came in went somewhere.' }];
  if (!isMoving)
    return [
      {
        type,
        status: 'False',
        reason: 'LedgerOff',
        message: `${ledger.in} events came in, and what became of them adds up to another number: see status.ledger`,
      },
    ];
  return conditions.filter((condition) => condition.type === type);
};

export const sum = (workloads: readonly Workload[], what: 'ready' | 'exist' | 'wanted'): number =>
  workloads.reduce((total, workload) => total + workload[what], 0);

/** What is wrong, from the worst down; undefined: all is well. */
const worstOf = (standing: Standing, findings: readonly Finding[]): Finding | undefined => {
  const [failure] = standing.failures;
  if (failure !== undefined)
    return { type: 'Ready', status: 'False', reason: 'ApplyFailed', message: joined(standing.failures) };
  return findings.find(({ status }) => status === 'False');
};

export const findingsOf = (standing: Standing, partsReady: Finding | undefined): readonly Finding[] => {
  const { verdict } = standing;
  const parts = [acceptedOf(standing), referencesOf(standing), availableOf(standing)];
  const worst = worstOf(standing, parts);
  const isStalled = verdict.refused.length > 0 || standing.failures.length > 0;
  const isMoving = !isStalled && !verdict.suspended && !verdict.paused && worst !== undefined;
  const { reason = 'AllWell', message = 'All pods run what was asked for.' } = worst ?? {};
  return [
    { type: 'Ready', status: worst === undefined ? 'True' : 'False', reason, message },
    ...parts,
    ...(partsReady === undefined ? [] : [partsReady]),
    ...conservedOf(standing),
    ...stableOf(standing),
    ...redefinedOf(standing),
    ...(isStalled ? [{ type: 'Stalled', status: 'True' as const, reason, message }] : []),
    ...(isMoving ? [{ type: 'Reconciling', status: 'True' as const, reason, message }] : []),
    ...(verdict.paused
      ? [
          {
            type: 'ReconciliationPaused',
            status: 'True' as const,
            reason: 'PausedByAnnotation',
            message: 'Nothing is changed while groundswell.dev/pause-reconciliation is "true".',
          },
        ]
      : []),
  ];
};

/** A part is well when it is Ready, judged as its own status is. */
export const isReady = (standing: Standing): boolean => findingsOf(standing, undefined)[0]?.status === 'True';

export const partsReadyOf = (others: readonly Standing[]): Finding => {
  const type = 'PartsReady';
  const behind = others.filter((other) => !isReady(other) && !other.verdict.suspended);
  if (behind.length === 0)
    return {
      type,
      status: 'True',
      reason: 'AllWell',
      message: 'All windows, models, feeds and recommenders are ready.',
    };
  const names = behind.slice(0, 10).map(({ verdict: { object } }) => `${object.kind} "${object.metadata.name}"`);
  const more = behind.length > names.length ? ` and ${behind.length - names.length} more` : '';
  return { type, status: 'False', reason: 'PartsNotReady', message: `Not ready: ${names.join(', ')}${more}` };
};
