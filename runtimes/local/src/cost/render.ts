import { formatInteger } from '../terminal/format.ts';
import { renderTable } from '../terminal/table.ts';
import type { Assumptions } from './assumptions.ts';
import { type Estimate, hoursPerMonth, type Load } from './estimate.ts';

const dollars = (value: number): string => `$${formatInteger(value)}`;
const short = (value: number): string => value.toFixed(value < 10 ? 1 : 0);

/** The estimate as lines: what each part needs, what that costs, and what it rests on. */
export const renderEstimate = (load: Load, of: Estimate, { prices }: Assumptions): readonly string[] => {
  const events = (load.postsPerHour * load.eventsPerPost) / 3_600;
  const { nodes, fixed } = of;
  const month = ({ hour }: { readonly hour: number }, count: number): number => hour * hoursPerMonth * count;
  const ofPrograms = month(prices.node, nodes.programs);
  const always = (what: string, value: number) => [what, value, value] as const;
  const costs: readonly (readonly [string, number, number])[] = [
    [`${nodes.programs} × ${prices.node.name} for programs`, ofPrograms, ofPrograms * prices.spotShare],
    always(`${nodes.kafka} × ${prices.node.name} for Kafka`, month(prices.node, nodes.kafka)),
    always(`${nodes.redis} × ${prices.memoryNode.name} for Redis`, month(prices.memoryNode, nodes.redis)),
    always('control plane and load balancer', fixed.cluster),
    always('disks of Kafka', fixed.disks),
    always('traffic between zones', fixed.zones),
    ['together', of.onDemand, of.spot],
  ];
  const perMillion = of.dollarsPerMillionPosts;
  return [
    `${formatInteger(load.postsPerHour)} posts an hour, ${formatInteger(events)} events a second on average`,
    '',
    ...renderTable(
      ['PART', 'PODS', 'CORES', 'GIB', 'DISK GB'],
      of.parts.map(({ part, pods, cores, gib, diskGb }) => [
        part,
        String(pods),
        short(cores),
        short(gib),
        diskGb === 0 ? '' : formatInteger(diskGb),
      ]),
      { width: 120 },
    ),
    '',
    ...renderTable(
      ['A MONTH', 'ON DEMAND', 'SPOT'],
      costs.map(([what, onDemand, spot]) => [what, dollars(onDemand), dollars(spot)]),
      { width: 120 },
    ),
    '',
    `That is $${perMillion.onDemand.toFixed(2)} for a million posts, $${perMillion.spot.toFixed(2)} with spot nodes (Kafka and Redis stay on demand).`,
    'An estimate from assumed prices and measured rates: --assumptions takes your own.',
  ];
};
