import { createHashOfflineStore, createHbaseOfflineStore } from '@groundswell/stores';
import { offlineStoreContract } from '@groundswell/stores/contract';
import { createRedisKeyValue } from '@groundswell/stores/redis';
import { freePorts } from '../servers/daemon.ts';
import { addressesOf, logger } from './servers.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, string>>>>;

const table = 'user_offline_feature';
const nowhere = async (): Promise<string> => `127.0.0.1:${(await freePorts(1))[0]}`;

offlineStoreContract('an offline store of hashes on Redis', async () => {
  const options = { logger, keyPrefix: 'test-offline:' };
  const keyValue = await createRedisKeyValue({ nodes: addressesOf('GROUNDSWELL_REDIS'), ...options });
  const lost = await createRedisKeyValue({ nodes: addressesOf('GROUNDSWELL_REDIS'), ...options });
  await lost.close();
  return {
    store: createHashOfflineStore(keyValue, 'rows:'),
    fill: async (rows: Rows) => {
      const batch = keyValue.batch();
      for (const [key, fields] of Object.entries(rows)) batch.hashSet(`rows:${key}`, fields);
      await batch.run();
    },
    unreachable: createHashOfflineStore(lost, 'rows:'),
    close: () => keyValue.close(),
  };
});

const base64 = (text: string): string => Buffer.from(text).toString('base64');

/** As whoever computes rows writes them through the REST server, some at a time. */
const writer = (url: string) => {
  const put = async (path: string, body: object): Promise<void> => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    const answer = await fetch(`${url}/${table}/${path}`, { method: 'PUT', body: JSON.stringify(body), headers });
    if (!answer.ok) throw new Error(`HBase: ${answer.status} ${await answer.text()}`);
  };
  return {
    createTable: () => put('schema', { name: table, ColumnSchema: [{ name: 'f', BLOOMFILTER: 'ROW', VERSIONS: '1' }] }),
    fill: async (rows: Rows): Promise<void> => {
      const Row = Object.entries(rows).map(([key, fields]) => ({
        key: base64(key),
        Cell: Object.entries(fields).map(([field, value]) => ({ column: base64(`f:${field}`), $: base64(value) })),
      }));
      for (let from = 0; from < Row.length; from += 1_000)
        await put('false-row-key', { Row: Row.slice(from, from + 1_000) });
    },
  };
};

offlineStoreContract('an offline store on HBase, through its REST server', async () => {
  const [url = ''] = addressesOf('GROUNDSWELL_HBASE');
  const { createTable, fill } = writer(url);
  await createTable();
  const options = { table, family: 'f' };
  return {
    store: createHbaseOfflineStore({ url, ...options }),
    fill,
    unreachable: createHbaseOfflineStore({ url: `http://${await nowhere()}`, ...options }),
    close: async () => undefined,
  };
});
