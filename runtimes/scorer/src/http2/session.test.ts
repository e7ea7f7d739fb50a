import { expect, test } from 'vitest';
import type { Call } from './call.ts';
import { createFrameReader } from './frame-reader.ts';
import { errorCode, type Frame, flag, frameOf, frameType, setting, words } from './frames.ts';
import { encodeHeaders } from './hpack.ts';
import { createSession } from './session.ts';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
const limits = { maxCalls: 4, callWindow: 100_000, connectionWindow: 200_000, maxHeaders: 4096 };
const asked = encodeHeaders([
  [':method', 'POST'],
  [':scheme', 'http'],
  [':path', '/x'],
]);
const head = encodeHeaders([[':status', '200']]);
const end = encodeHeaders([['grpc-status', '0']]);
const [whole, headersEnd] = [flag.endStream | flag.endHeaders, flag.endHeaders];

const frame = (type: keyof typeof frameType, stream = 0, flags = 0, payload: Buffer = Buffer.alloc(0)): Buffer =>
  frameOf({ type: frameType[type], flags, stream }, payload);
const settingOf = (id: number, value: number): Buffer => {
  const payload = Buffer.alloc(6);
  payload.writeUInt16BE(id, 0);
  payload.writeUInt32BE(value, 2);
  return frame('settings', 0, 0, payload);
};

/** A session with a client in front of it that has introduced itself; `said` is what came back, of all types that are named. */
const start = async (onCall: (call: Call) => void = () => undefined) => {
  const frames: Frame[] = [];
  const read = createFrameReader((one) => frames.push(one));
  read(preface);
  let isOver = false;
  const session = createSession({
    limits,
    onCall,
    write: read,
    onEnd: () => {
      isOver = true;
    },
  });
  const turn = () => new Promise<void>((resolve) => setImmediate(resolve));
  const send = async (...parts: readonly Buffer[]) => {
    session.receive(Buffer.concat(parts));
    await turn();
  };
  await send(preface, frame('settings'));
  frames.length = 0;
  const said = (...types: readonly (keyof typeof frameType)[]) =>
    frames.filter(({ type }) => types.some((name) => frameType[name] === type));
  return { session, send, said, frames, isOver: () => isOver, turn };
};
const codeOf = ({ payload }: Frame): number => payload.readUInt32BE(payload.length - 4);

test.each([
  {
    what: 'a frame larger than agreed',
    bytes: Buffer.from('0100000000000000010000'.slice(0, 18), 'hex'),
    code: errorCode.frameSize,
  },
  { what: 'data before any request', bytes: frame('data', 1), code: errorCode.protocol },
  { what: 'data of the connection', bytes: frame('data', 0), code: errorCode.protocol },
  { what: 'a stream of the server', bytes: frame('headers', 2, whole, asked), code: errorCode.protocol },
  {
    what: 'headers that no table has',
    bytes: frame('headers', 1, whole, Buffer.from([0xff, 0])),
    code: errorCode.compression,
  },
  {
    what: 'headers without end',
    bytes: Buffer.concat([frame('headers', 1), ...Array.from({ length: 40 }, () => frame('continuation', 1))]),
    code: errorCode.enhanceYourCalm,
  },
  {
    what: 'something between headers',
    bytes: Buffer.concat([frame('headers', 1), frame('ping', 0, 0, Buffer.alloc(8))]),
    code: errorCode.protocol,
  },
  {
    what: 'more padding than frame',
    bytes: frame('headers', 1, whole | flag.padded, Buffer.from([9, 1])),
    code: errorCode.protocol,
  },
  { what: 'a promise', bytes: frame('pushPromise', 1), code: errorCode.protocol },
  { what: 'a short ping', bytes: frame('ping', 0, 0, Buffer.alloc(3)), code: errorCode.frameSize },
  {
    what: 'a window that is too large',
    bytes: settingOf(setting.initialWindowSize, 2 ** 31),
    code: errorCode.flowControl,
  },
  { what: 'a grant of nothing', bytes: frame('windowUpdate', 0, 0, words(0)), code: errorCode.protocol },
  { what: 'a grant too many', bytes: frame('windowUpdate', 0, 0, words(2 ** 31 - 1)), code: errorCode.flowControl },
  { what: 'a reset of what there is not', bytes: frame('reset', 7, 0, words(0)), code: errorCode.protocol },
])('$what ends the connection with its code', async ({ bytes, code }) => {
  const { send, said, isOver } = await start();
  await send(bytes);
  const [farewell] = said('goAway');
  expect(farewell && codeOf(farewell)).toBe(code);
  expect(isOver()).toBe(true);
});

test.each([
  { what: 'a name in capitals', fields: [['Te', 'x']], code: errorCode.protocol },
  { what: 'a header of a connection', fields: [['connection', 'close']], code: errorCode.protocol },
  {
    what: 'a pseudo-header behind others',
    fields: [
      ['a', 'b'],
      [':authority', 'x'],
    ],
    code: errorCode.protocol,
  },
  { what: 'two paths', fields: [[':path', '/y']], code: errorCode.protocol },
  { what: 'a line break in a value', fields: [['a', 'b\nc']], code: errorCode.protocol },
  { what: 'a body that was promised and is not there', fields: [['content-length', '3']], code: errorCode.protocol },
] as const)('$what ends the call, and the next one is answered', async ({ fields, code }) => {
  const { send, said } = await start((call) => call.answer(head, Buffer.from('hello'), end));
  await send(frame('headers', 1, whole, Buffer.concat([asked, encodeHeaders(fields)])));
  const [reset] = said('reset');
  expect(reset && codeOf(reset)).toBe(code);
  await send(frame('headers', 3, whole, asked));
  expect(said('data').map(({ stream, payload }) => [stream, payload.toString()])).toContainEqual([3, 'hello']);
});

test('an answer waits for what the client takes, of each call and of the connection, and goes in whole frames', async () => {
  const { send, said, frames } = await start((call) => call.answer(head, Buffer.alloc(100_000, 7), end));
  await send(settingOf(setting.initialWindowSize, 10), frame('headers', 1, whole, asked));
  const lengths = () => said('data').map(({ payload }) => payload.length);
  expect(lengths()).toEqual([10]);
  await send(settingOf(setting.initialWindowSize, 0), frame('windowUpdate', 1, 0, words(12)));
  expect(lengths()).toEqual([10, 2 + 10 - 10]);
  await send(frame('windowUpdate', 1, 0, words(200_000)));
  // 65,535 of the connection in all.
  expect(lengths()).toEqual([10, 2, 16_384, 16_384, 16_384, 16_371]);
  expect(said('headers')).toHaveLength(1);
  await send(frame('windowUpdate', 0, 0, words(200_000)));
  expect(lengths().reduce((sum, length) => sum + length)).toBe(100_000);
  expect(frames.at(-1)).toMatchObject({ type: frameType.headers, flags: whole });
});

test('a request comes in pieces, and is granted more as it comes', async () => {
  const bodies: Buffer[] = [];
  const { send, said } = await start((call) =>
    call.receive({
      data: (chunk) => bodies.push(chunk),
      end: () => call.answer(head, Buffer.concat(bodies), end),
      cut: () => undefined,
    }),
  );
  await send(frame('headers', 1, headersEnd, asked));
  for (let i = 0; i < 8; i++) await send(frame('data', 1, 0, Buffer.alloc(16_000, i)));
  expect(said('windowUpdate').map(({ stream, payload }) => [stream, payload.readUInt32BE(0)])).toEqual([
    [1, 64_000],
    [0, 112_000],
    [1, 64_000],
  ]);
  await send(
    frame('headers', 1, whole, encodeHeaders([['behind', 'it']])),
    frame('windowUpdate', 1, 0, words(200_000)),
  );
  expect(said('data').length).toBeGreaterThan(0);
  expect(bodies).toHaveLength(8);
});

test('what follows on a call that was given up is refused, and nothing else ends', async () => {
  const { send, said } = await start();
  await send(frame('headers', 1, headersEnd, asked), frame('reset', 1, 0, words(8)));
  await send(frame('data', 1, 0, Buffer.alloc(10)));
  expect(said('reset', 'goAway').map(codeOf)).toEqual([errorCode.streamClosed]);
});

test('calls beyond the limit are refused unread, and there is room again when one ends', async () => {
  const open: Call[] = [];
  const { send, said, turn } = await start((call) => open.push(call));
  await send(...[1, 3, 5, 7, 9].map((stream) => frame('headers', stream, whole, asked)));
  expect(said('reset').map((one) => [one.stream, codeOf(one)])).toEqual([[9, errorCode.refusedStream]]);
  open[0]?.answer(head, Buffer.from('x'), end);
  await turn();
  await send(frame('headers', 11, whole, asked));
  expect(open).toHaveLength(5);
});

test('a call that is given up is over, and whoever gives up too many is sent away', async () => {
  const open: Call[] = [];
  const cut: number[] = [];
  const { send, said } = await start((call) => {
    open.push(call);
    call.receive({ data: () => undefined, end: () => undefined, cut: () => cut.push(open.length) });
  });
  const giveUp = (stream: number) => [frame('headers', stream, whole, asked), frame('reset', stream, 0, words(8))];
  await send(...giveUp(1));
  expect([open[0]?.isOver(), cut]).toEqual([true, [1]]);
  expect(said('goAway')).toEqual([]);
  await send(...Array.from({ length: 1_200 }, (_, i) => giveUp(2 * i + 3)).flat());
  expect(said('goAway').map(codeOf)).toEqual([errorCode.enhanceYourCalm]);
});

test('a refusal before the request is whole says that the rest is not wanted, and passes it over', async () => {
  const { send, said } = await start((call) => call.refuse(head));
  await send(frame('headers', 1, headersEnd, asked));
  expect(said('headers', 'reset').map(({ type, flags }) => [type, flags])).toEqual([
    [frameType.headers, whole],
    [frameType.reset, 0],
  ]);
  await send(frame('data', 1, flag.endStream, Buffer.alloc(10)));
  expect(said('goAway', 'reset')).toHaveLength(1);
});

test('a session that closes answers what is under way, takes nothing new, and is over then', async () => {
  const open: Call[] = [];
  const { session, send, said, isOver, turn } = await start((call) => open.push(call));
  await send(frame('headers', 1, whole, asked));
  session.close();
  await send(frame('headers', 3, whole, asked));
  expect(said('goAway').map(({ payload }) => [...payload])).toEqual([[0, 0, 0, 1, 0, 0, 0, 0]]);
  expect(said('reset').map(codeOf)).toEqual([errorCode.refusedStream]);
  expect(isOver()).toBe(false);
  open[0]?.answer(head, Buffer.from('x'), end);
  await turn();
  expect(isOver()).toBe(true);
});

test('a client that has gone takes its calls with it', async () => {
  const open: Call[] = [];
  const { session, send } = await start((call) => open.push(call));
  await send(frame('headers', 1, whole, asked));
  session.cut();
  expect(open[0]?.isOver()).toBe(true);
});
