import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import type { AlertChannel } from '@groundswell/graph';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import { certificate, privateKey } from './test/certificate.ts';
import { createReceiver } from './test/receiver.ts';
import { createWorld, prediction, program, rule, stepUntil } from './test/world.ts';

const card = { post_id: 'p1', author_id: 'a1', author_name: 'Ada', text: 'a <storm> & more', posted_at: 0 };
const closing: (() => Promise<void>)[] = [];

beforeAll(() => setDefaultCACertificates([...getCACertificates('default'), certificate]));
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** One alert, sent to the channel; answers the channel's delivery in the history. */
const alerted = async (
  channel: AlertChannel,
  { env = {}, until = 'sent' }: { env?: Readonly<Record<string, string>>; until?: string } = {},
) => {
  const world = await createWorld({ env });
  const running = await world.start(
    program({
      channels: [channel],
      rules: [rule({ channels: [channel.name] })],
      postUrl: 'https://example.com/{post_id}',
    }),
  );
  await running.step({ maxWaitMs: 0 });
  await world.show(card);
  await world.predict(prediction());
  const deliveries = async () => (await world.history())[0]?.deliveries ?? [];
  // Of what waits, once it was tried.
  await stepUntil(running, async () =>
    (await deliveries()).some(({ state, attempts }) => state === until && attempts > 0),
  );
  const health = running.health();
  const letters = await world.read('demo.dead-letters');
  await running.stop();
  await world.close();
  return { delivery: (await deliveries())[0], health, letters };
};

const receiver = async (...script: Parameters<typeof createReceiver>) => {
  const made = await createReceiver(...script);
  closing.push(made.close);
  return made;
};

const slack = (form: 'Text' | 'Blocks'): AlertChannel => ({
  kind: 'slack',
  name: 'newsroom',
  url: { from: 'secret', name: 'slack', key: 'url' },
  form,
});
const webhook = (url: string, over: object = {}): AlertChannel => ({
  ...{ kind: 'webhook', name: 'hook', url, headers: {}, timeoutMs: 5_000 },
  ...over,
});

describe('Slack', () => {
  test('gets plain text, with its own markup out of the way', async () => {
    const { url, received } = await receiver();
    await alerted(slack('Text'), { env: { GROUNDSWELL_SECRET_SLACK_URL: `${url}/services/T0/B0/secret` } });
    expect(received).toMatchObject([
      { path: '/services/T0/B0/secret', body: { text: '*p1 scores 0.900*\nAda: a &lt;storm&gt; &amp; more' } },
    ]);
  });

  test('gets blocks, with a button that leads to the post', async () => {
    const { url, received } = await receiver();
    await alerted(slack('Blocks'), { env: { GROUNDSWELL_SECRET_SLACK_URL: url } });
    expect(received[0]?.body).toEqual({
      text: 'p1 scores 0.900',
      blocks: [
        { type: 'header', text: { type: 'plain_text', text: 'p1 scores 0.900', emoji: false } },
        { type: 'section', text: { type: 'mrkdwn', text: 'Ada: a &lt;storm&gt; &amp; more' } },
        { type: 'context', elements: [{ type: 'mrkdwn', text: ':warning: Warning · hot · virality/champion' }] },
        {
          type: 'actions',
          elements: [
            {
              type: 'button',
              text: { type: 'plain_text', text: 'Open the post' },
              url: 'https://example.com/p1',
            },
          ],
        },
      ],
    });
  });

  test('that does not know the webhook any more is a dead letter, without the secret address', async () => {
    const { url } = await receiver({ status: 404, body: 'no_service' });
    const secret = `${url}/services/T0/B0/secret`;
    const { delivery, health, letters } = await alerted(slack('Text'), {
      env: { GROUNDSWELL_SECRET_SLACK_URL: secret },
      until: 'failed',
    });
    expect(delivery).toMatchObject({ state: 'failed', attempts: 1, problem: 'answered 404: no_service' });
    expect(health).toMatchObject({ kind: 'waiting', message: 'Cannot send to "newsroom": answered 404: no_service' });
    expect(letters).toMatchObject([
      { group: 'alerter', origin: 'channel newsroom', reason: 'answered 404: no_service' },
    ]);
    expect(JSON.stringify([delivery, health, letters])).not.toContain('B0');
  });
});

describe('a web service', () => {
  test('gets a body that it can verify by Standard Webhooks', async () => {
    const { url, received } = await receiver();
    const signingKey = { from: 'secret', name: 'hook', key: 'key' };
    const key = `whsec_${Buffer.from('a key of twenty-four byt').toString('base64')}`;
    await alerted(webhook(url, { signingKey, headers: { 'x-team': 'news' } }), {
      env: { GROUNDSWELL_SECRET_HOOK_KEY: key },
    });
    const [{ text = '', headers = {}, body } = {}] = received;
    expect(headers).toMatchObject({ 'x-team': 'news', 'content-type': 'application/json' });
    expect(new Webhook(key).verify(text, headers as Record<string, string>)).toEqual(body);
    expect(() => new Webhook(key).verify(text.replace('p1', 'p2'), headers as Record<string, string>)).toThrow();
    expect(body).toMatchObject({
      ...{ type: 'alert', pipeline: 'demo', rule: 'hot', severity: 'Warning', title: 'p1 scores 0.900' },
      alerts: [{ post_id: 'p1', score: 0.9, link: 'https://example.com/p1' }],
    });
  });

  test('that is busy is asked again when it says, with the same id', async () => {
    const { url, received } = await receiver({ status: 429, headers: { 'retry-after': '2' } });
    const { delivery } = await alerted(webhook(url));
    expect(delivery).toMatchObject({ state: 'sent', attempts: 2 });
    const [first, second] = received;
    expect((second?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(1_900);
    expect(new Set(received.map(({ headers }) => headers['webhook-id'])).size).toBe(1);
  });

  test.each([
    { what: 'is silent', script: [{ status: 200, silent: true }], problem: 'no answer in time' },
    {
      what: 'sends elsewhere',
      script: [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }],
      problem: 'answered 302: ok',
    },
  ])('that $what has not taken it', async ({ script, problem }) => {
    const { url } = await receiver(...script);
    const { delivery } = await alerted(webhook(url, { timeoutMs: 200 }), {
      until: problem.startsWith('no') ? 'sent' : 'failed',
    });
    expect(delivery).toMatchObject(problem.startsWith('no') ? { attempts: 2 } : { problem });
  });
});

test('an Alertmanager gets alerts that stand, and their end', async () => {
  const { url, received } = await receiver();
  const world = await createWorld({ env: { GROUNDSWELL_SECRET_AM_TOKEN: 'tok' } });
  const token = { from: 'secret' as const, name: 'am', key: 'token' };
  const channel: AlertChannel = {
    kind: 'alertmanager',
    name: 'on-call',
    url: `${url}/`,
    token,
    labels: { team: 'news' },
  };
  const running = await world.start(program({ channels: [channel], rules: [rule({ channels: ['on-call'] })] }));
  await running.step({ maxWaitMs: 0 });
  await world.predict(prediction());
  await stepUntil(running, () => received.length === 1);
  await world.predict(prediction({ scored_at: 120_000, score: 0.1 }));
  await stepUntil(running, async () => received.length === 2 && (await world.history())[0]?.state === 'ended');
  const [first, second] = received.map(({ body }) => (body as Readonly<Record<string, string>>[])[0]);
  expect(received[0]).toMatchObject({ path: '/api/v2/alerts', headers: { authorization: 'Bearer tok' } });
  const labels = {
    alertname: 'hot',
    severity: 'warning',
    pipeline: 'demo',
    model: 'virality',
    key: 'p1',
    team: 'news',
  };
  expect(first).toMatchObject({ labels, annotations: { summary: 'p1 scores 0.900' } });
  expect(Date.parse(first?.['endsAt'] ?? '')).toBe(Date.parse(first?.['startsAt'] ?? '') + 86_400_000);
  expect(second).toMatchObject({ labels, startsAt: first?.['startsAt'] });
  expect(Date.parse(second?.['endsAt'] ?? '')).toBeLessThan(Date.now() + 1);
  await running.stop();
  await world.close();
});

describe('a mail server', () => {
  const createMailServer = async (options: SMTPServerOptions = {}) => {
    const mails: { readonly text: string; readonly secure: boolean; readonly user: unknown; readonly to: string[] }[] =
      [];
    const server = new SMTPServer({
      ...{ key: privateKey, cert: certificate, authOptional: true, logger: false },
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('Invalid username or password')),
      onData: (stream, { secure, user, envelope }, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => {
          const to = envelope.rcptTo.map(({ address }) => address);
          mails.push({ text: Buffer.concat(chunks).toString(), secure, user, to });
          done();
        });
      },
      ...options,
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', () => resolve()));
    closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())));
    const { port } = server.server.address() as { port: number };
    return { port, mails };
  };
  const email = (port: number, over: object = {}): AlertChannel => ({
    ...{ kind: 'email', name: 'desk', host: 'localhost', port, tls: 'StartTls' },
    ...{ from: 'Alerts <alerts@example.com>', to: ['desk@example.com', 'late@example.com'] },
    username: { from: 'secret', name: 'mail', key: 'user' },
    password: { from: 'secret', name: 'mail', key: 'password' },
    ...over,
  });
  const env = { GROUNDSWELL_SECRET_MAIL_USER: 'ada', GROUNDSWELL_SECRET_MAIL_PASSWORD: 'right' };

  test.each([
    { tls: 'StartTls', options: {} },
    { tls: 'Implicit', options: { secure: true } },
  ])('gets a mail over $tls, from who has logged in', async ({ tls, options }) => {
    const { port, mails } = await createMailServer(options);
    await alerted(email(port, { tls }), { env });
    expect(mails).toMatchObject([{ secure: true, user: 'ada', to: ['desk@example.com', 'late@example.com'] }]);
    expect(mails[0]?.text).toMatch(/^Subject: \[Warning\] p1 scores 0\.900\r$/m);
    expect(mails[0]?.text).toMatch(/^Message-ID: <[0-9a-f]{16}\.demo@example\.com>\r$/m);
    expect(mails[0]?.text).toContain('Ada: a <storm> & more');
  });

  test('without encryption gets one only where that was asked for', async () => {
    const { port, mails } = await createMailServer({ disabledCommands: ['STARTTLS', 'AUTH'] });
    const plain = { username: undefined, password: undefined };
    const { delivery } = await alerted(email(port, plain), { until: 'failed' });
    expect(delivery?.problem).toContain('STARTTLS');
    expect(mails).toEqual([]);
    await alerted(email(port, { ...plain, tls: 'None' }));
    expect(mails).toMatchObject([{ secure: false }]);
  });

  test('that refuses the log-in is a dead letter, without the password', async () => {
    const { port, mails } = await createMailServer();
    const wrong = { ...env, GROUNDSWELL_SECRET_MAIL_PASSWORD: 'wr0ng' };
    const { delivery, letters } = await alerted(email(port), { env: wrong, until: 'failed' });
    expect(delivery?.problem).toContain('535');
    expect(JSON.stringify([delivery, letters])).not.toContain('wr0ng');
    expect(mails).toEqual([]);
  });

  test('whose certificate is for another name gets nothing', async () => {
    const { port, mails } = await createMailServer();
    // The certificate is for localhost and 127.0.0.1.
    const { health } = await alerted(email(port, { host: '127.0.0.2' }), { env, until: 'waiting' });
    expect(mails).toEqual([]);
    expect(health).toMatchObject({ kind: 'waiting', reason: 'ChannelFails' });
  });

  test('that is away for a moment is asked again', async () => {
    let tries = 0;
    const { port, mails } = await createMailServer({
      onMailFrom: (_address, _session, done) =>
        ++tries === 1 ? done(Object.assign(new Error('Try again later'), { responseCode: 451 })) : done(),
    });
    const { delivery } = await alerted(email(port), { env });
    expect(delivery).toMatchObject({ state: 'sent', attempts: 2 });
    expect(mails).toHaveLength(1);
  });
});
