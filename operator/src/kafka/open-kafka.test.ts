import { once } from 'node:events';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { compile, parseFiles, resolve } from '@groundswell/graph';
import { expect, onTestFinished, test } from 'vitest';
import { createKafkas } from './open-kafka.ts';

test('an operator that stops does not wait for a broker that never answers', async () => {
  const sockets: Socket[] = [];
  const broker = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
  await once(broker, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    broker.close();
  });
  const text = `apiVersion: groundswell.dev/v1alpha1
kind: ViralityPipeline
metadata: { name: news }
spec:
  sources: [{ name: demo, generator: {} }]
  kafka: { brokers: ['127.0.0.1:${(broker.address() as AddressInfo).port}'] }
`;
  const { pipelines } = compile(resolve(parseFiles([{ path: 'p.yaml', text }]).resources), { target: 'cluster' });
  const unused = () => Promise.reject(new Error('there is no Secret'));
  const stopping = new AbortController();
  const kafkas = createKafkas({ get: unused, list: unused }, stopping.signal);
  kafkas.know('social/news', pipelines[0]);
  const isAsked = once(broker, 'connection');
  const opened = kafkas.open('social/news');
  await isAsked;
  stopping.abort();
  await expect(opened).rejects.toThrow('Cannot connect to Kafka: the operator stops');
});
