import { suggest } from '@groundswell/cel';
import type { ViralityPipeline } from '@groundswell/crds';
import type { Path } from '../problem.ts';
import type { OfflineStoreSpec } from '../programs/index.ts';
import type { PartContext, PipelineContext } from './context.ts';
import type { Reading } from './reading.ts';

type Written = ViralityPipeline['spec']['offlineStores'][number];

/** The store of the pipeline that a part refers to. */
export const offlineStoreOf = (
  { refuse }: Reading<unknown>,
  { name: pipeline, reading }: PartContext,
  { name, path }: { readonly name: string; readonly path: Path },
): OfflineStoreSpec | undefined => {
  if (reading === undefined) return undefined;
  const { offlineStores } = reading.spec;
  const found = offlineStores.find((store) => store.name === name);
  if (found !== undefined) return specOf(found);
  const known = offlineStores.map((store) => store.name);
  refuse(
    path,
    `Cannot find the offline store "${name}": the pipeline "${pipeline}" has ${known.length === 0 ? 'none, one under spec.offlineStores is needed' : `none of that name, ${suggest(name, known)}`}`,
  );
  return undefined;
};

const specOf = ({ name, timeout, redis, hbase }: Written): OfflineStoreSpec | undefined => {
  const common = { name, timeoutMs: timeout };
  if (redis !== undefined) return { ...common, place: { kind: 'hashes', keyPrefix: redis.keyPrefix } };
  if (hbase?.rest === undefined) return undefined;
  const { rest, table, family } = hbase;
  return { ...common, place: { kind: 'hbase', url: rest, table, family } };
};

/** Checks all stores of a pipeline, also those that nobody refers to. */
export const checkOfflineStores = ({ reading }: PipelineContext): void => {
  reading.spec.offlineStores.forEach((store, i) => {
    const path: Path = ['offlineStores', i];
    if (store.files !== undefined) reading.notYet([...path, 'files'], 'use redis or hbase');
    if (store.hbase?.thrift !== undefined) reading.notYet([...path, 'hbase', 'thrift'], 'use rest');
    for (const secret of ['usernameRef', 'passwordRef'] as const)
      if (store.hbase?.[secret] !== undefined) reading.notYet([...path, 'hbase', secret]);
    specOf(store);
  });
};
