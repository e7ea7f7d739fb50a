import type { FeatureSet } from '@groundswell/features';
import type { Checkpoints, KeyValue } from '@groundswell/stores';
import { decodeState, emptyState, type ScorerState } from './checkpoint.ts';
import type { Top } from './top.ts';

export const loadState = async (name: string, checkpoints: Checkpoints): Promise<ScorerState> => {
  const saved = await checkpoints.load(name);
  return saved === undefined ? emptyState : decodeState(name, saved);
};

export const sameFeatures = ({ means }: ScorerState, { names }: FeatureSet): boolean =>
  means !== undefined && means.features.join() === names.join();

/** A crash may have left posts in the store that the checkpoint does not know; nobody else would ever take them out. */
export const alignTop = async (keyValue: KeyValue, key: string, top: Top): Promise<void> => {
  const read = keyValue.batch();
  const stored = read.sortedRange(key, 0, -1);
  await read.run();
  const strangers = stored.value().flatMap(({ member }) => (top.rankOf(member) === -1 ? [member] : []));
  if (strangers.length === 0) return;
  const write = keyValue.batch();
  write.sortedRemove(key, strangers);
  await write.run();
};
