import { type Answer, mailOf } from '@groundswell/alerting';
import type { AlertChannel } from '@groundswell/graph';
import { createTransport } from 'nodemailer';
import type { ChannelWorld, Send } from './channel.ts';

type Email = Extract<AlertChannel, { readonly kind: 'email' }>;

const timeoutMs = 20_000;

/** Codes of SMTP from 500 on say that it will never work, as does a refused log-in. */
const answerTo = (error: unknown): Answer => {
  const { message, responseCode } = error as Error & { readonly responseCode?: number };
  const isForGood = responseCode !== undefined && responseCode >= 500;
  return { kind: isForGood ? 'refused' : 'failed', problem: message };
};

/** One connection for each mail: alerts are few, and a server that was restarted meanwhile does not matter. */
export const emailChannel = (channel: Email, { pipeline, values }: ChannelWorld): Send => {
  const { host, port, tls, username, password } = channel;
  return async (message) => {
    const user = username && (await values.read(username));
    const pass = password && (await values.read(password));
    const transport = createTransport({
      ...{ host, port, secure: tls === 'Implicit', requireTLS: tls === 'StartTls', ignoreTLS: tls === 'None' },
      ...(user !== undefined && { auth: { user, pass: pass ?? '' } }),
      ...{ connectionTimeout: timeoutMs, greetingTimeout: timeoutMs, socketTimeout: timeoutMs },
    });
    try {
      const { to, headers, ...mail } = mailOf(message, channel, pipeline);
      await transport.sendMail({ ...mail, to: [...to], headers: { ...headers } });
      return { kind: 'sent' };
    } catch (error) {
      return answerTo(error);
    } finally {
      transport.close();
    }
  };
};
