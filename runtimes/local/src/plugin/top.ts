import { kinds } from '@groundswell/crds';
import { formatCount } from '../terminal/format.ts';
import { readyOf, type Seen } from './resource.ts';

/** What there is to see at a glance. `rate`: events, scores or requests in a second. */
interface Row {
  readonly seen: Seen;
  readonly rate: number | undefined;
  readonly behind: string;
  readonly note: string;
}

const ms = (value: number | undefined): string => (value === undefined ? '' : `${formatNumber(value)} ms`);
const seconds = (value: number | undefined): string => (value === undefined ? '' : `${formatNumber(value)} s`);
const formatNumber = (value: number): string => (value < 10 ? String(Number(value.toFixed(1))) : formatCount(value));

const listOf = (parts: Readonly<Record<string, string | number | undefined>>): string =>
  Object.entries(parts)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? formatCount(value) : value}`)
    .join(', ');

const factsOf = (seen: Seen): Omit<Row, 'seen'> => {
  switch (seen.kind) {
    case 'ViralityPipeline': {
      const { eventsPerSecond, freshnessMs, summary: { sources, windows, models } = {} } = seen.status ?? {};
      return { rate: eventsPerSecond, behind: ms(freshnessMs), note: listOf({ sources, windows, models }) };
    }
    case 'FeatureWindow': {
      const { eventsPerSecond, watermark, window, keys, ledger } = seen.status ?? {};
      const counts = listOf({ keys, late: ledger?.late });
      const note = [window, counts].filter((part) => part !== undefined && part !== '').join(', ');
      return { rate: eventsPerSecond, behind: seconds(watermark?.lagSeconds), note };
    }
    case 'ScoringModel': {
      const { scoresPerSecond, p99Ms, shares, rollout } = seen.status ?? {};
      const step = rollout === undefined ? undefined : `${rollout.step}: ${rollout.doing}`;
      return { rate: scoresPerSecond, behind: ms(p99Ms), note: listOf({ shares, step }) };
    }
    case 'Feed': {
      const { postsPerSecond, deliveryP99Ms, fanOut } = seen.status ?? {};
      return { rate: postsPerSecond, behind: ms(deliveryP99Ms), note: listOf({ 'in flight': fanOut?.postsInFlight }) };
    }
    case 'Recommender': {
      const { requestsPerSecond, p99Ms, cacheHitPercent } = seen.status ?? {};
      return { rate: requestsPerSecond, behind: ms(p99Ms), note: listOf({ 'cache hit %': cacheHitPercent }) };
    }
  }
};

const isWell = ({ status }: Seen): boolean => readyOf(status)?.status === 'True';

const podsOf = ({ status }: Seen): string => {
  if (status === undefined || !('desiredReplicas' in status)) return '';
  return `${status.readyReplicas ?? 0}/${status.desiredReplicas}`;
};

const shortName = ({ kind, metadata }: Seen): string =>
  `${kinds.find((one) => one.kind === kind)?.shortNames[0]}/${metadata.name}`;

const order = (a: Row, b: Row): number =>
  Number(isWell(a.seen)) - Number(isWell(b.seen)) || (b.rate ?? -1) - (a.rate ?? -1);

const head = ['RESOURCE', 'READY', 'PODS', 'RATE/S', 'BEHIND', 'WHAT'];

/**
 * All resources as a table: what is not well first, then what has most to do. `BEHIND` is, at the 99th percentile, from event to result
 * (pipeline), from post to timelines (feed) or for an answer (model, recommender); of a window how far its watermark is back.
 */
export const renderResources = (
  resources: readonly Seen[],
  { withNamespace }: { readonly withNamespace: boolean },
): readonly string[] => {
  if (resources.length === 0) return ['No resources of Groundswell here; --all-namespaces looks in all'];
  const rows = resources.map((seen) => ({ seen, ...factsOf(seen) })).sort(order);
  const cells = rows.map(({ seen, rate, behind, note }) => [
    ...(withNamespace ? [seen.metadata.namespace] : []),
    shortName(seen),
    readyOf(seen.status)?.status ?? 'Unknown',
    podsOf(seen),
    rate === undefined ? '' : formatNumber(rate),
    behind,
    isWell(seen) ? note : (seen.status?.message ?? 'The operator has not seen it yet.'),
  ]);
  const table = [[...(withNamespace ? ['NAMESPACE'] : []), ...head], ...cells];
  const widths = table[0]?.map((_, i) => Math.max(...table.map((row) => row[i]?.length ?? 0))) ?? [];
  return table.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
};
