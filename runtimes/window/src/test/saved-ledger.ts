import type { WindowProgram } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import { createWindower, type LedgerEntry } from '@groundswell/windowing';
import { decodeCheckpoint } from '../checkpoint.ts';
import { ledgerOf } from '../ledger.ts';
import { shardTopicOf } from '../open-shards.ts';
import { decodeLane, lanePlace } from '../rekey/lane-state.ts';
import { windowerOptionsOf } from '../windower-options.ts';

/** What became of all records of all partitions, as it was saved last; with the copies of events that have several keys. */
export const ledgerOfSaved = async (
  program: WindowProgram,
  { log, states }: Pick<Ports, 'log' | 'states'>,
): Promise<LedgerEntry & { readonly copies: number }> => {
  const { changelog, rekey, input } = program;
  const numbers = async (topic: string) => (await log.bounds(topic)).map(({ partition }) => partition);
  const found = await states.load(changelog.name, await numbers(shardTopicOf(program)));
  const shards = [...found.values()].map((saved) => ({
    windower: createWindower(windowerOptionsOf(program), decodeCheckpoint(program.name, saved).snapshot),
  }));
  if (rekey === undefined) return { ...ledgerOf(shards, undefined), copies: 0 };
  const partitions = await numbers(input.topic.name);
  const places = partitions.map((partition) => lanePlace(rekey.topic.name, partition));
  const saved = await states.load(changelog.name, places);
  const lanes = new Map(
    partitions.flatMap((partition, i) => {
      const state = saved.get(places[i] ?? 0);
      if (state === undefined) return [];
      const { ledger, copies } = decodeLane(state);
      return [[partition, { ...ledger, copies }] as const];
    }),
  );
  const copies = [...lanes.values()].reduce((sum, lane) => sum + lane.copies, 0);
  return { ...ledgerOf(shards, lanes), copies };
};
