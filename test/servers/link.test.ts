import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { openLink } from './link.ts';

/** A server that sends back what it gets, and a client of it by a link. */
const open = async () => {
  const server = createServer((socket) => socket.on('error', () => undefined).pipe(socket)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const link = await openLink();
  link.to((server.address() as AddressInfo).port);
  onTestFinished(async () => {
    await link.close();
    server.close();
  });
  return { link, client: await clientOf(link.port) };
};
const clientOf = async (port: number): Promise<Socket> => {
  const client = connect(port, '127.0.0.1');
  await once(client, 'connect');
  onTestFinished(() => void client.destroy());
  return client;
};
const answerTo = async (client: Socket, text: string): Promise<string> => {
  client.write(text);
  const [answer] = (await once(client, 'data')) as [Buffer];
  return answer.toString();
};

test('what goes into a link comes out of it', async () => {
  const { client } = await open();
  expect(await answerTo(client, 'one')).toBe('one');
});

test('a stalled link loses nothing and keeps the order, and takes new connections that wait', async () => {
  const { link, client } = await open();
  const stalled = link.stall(100);
  const seen: string[] = [];
  const late = await clientOf(link.port);
  const answers = [client, late].map(async (one, i) => seen.push(await answerTo(one, `${i}`)));
  await Promise.race([stalled.then(() => seen.push('over')), ...answers]);
  expect(seen[0]).toBe('over');
  await Promise.all(answers);
  expect(seen.toSorted()).toEqual(['0', '1', 'over']);
});

test('a link that is cut breaks its connections, and takes new ones', async () => {
  const { link, client } = await open();
  expect(await answerTo(client, 'one')).toBe('one');
  const broken = once(client, 'error');
  link.cut();
  expect((await broken)[0]).toMatchObject({ code: 'ECONNRESET' });
  expect(await answerTo(await clientOf(link.port), 'two')).toBe('two');
});
