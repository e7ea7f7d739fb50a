import type { ViralityPipeline } from '@groundswell/crds';
import type { AlertChannel } from '../programs/index.ts';
import { secretOf } from './sources/references.ts';

type Written = NonNullable<ViralityPipeline['spec']['alerts']>['channels'][number];

/** The schema has it that a channel is exactly one of these. */
export const compileChannel = ({ name, slack, email, webhook, alertmanager }: Written): AlertChannel => {
  if (slack !== undefined) return { kind: 'slack', name, url: secretOf(slack.webhookUrlRef), form: slack.form };
  if (email !== undefined) {
    const { host, port, tls, usernameRef, passwordRef, from, to } = email;
    return {
      ...{ kind: 'email', name, host, port, tls },
      ...(usernameRef && { username: secretOf(usernameRef) }),
      ...(passwordRef && { password: secretOf(passwordRef) }),
      ...{ from, to: [...to] },
    };
  }
  if (webhook !== undefined) {
    const { url, signingKeyRef, headers, timeout } = webhook;
    return {
      ...{ kind: 'webhook', name, url },
      ...(signingKeyRef && { signingKey: secretOf(signingKeyRef) }),
      ...{ headers: { ...headers }, timeoutMs: timeout },
    };
  }
  const { url = '', tokenRef, labels } = alertmanager ?? {};
  return {
    ...{ kind: 'alertmanager', name, url },
    ...(tokenRef && { token: secretOf(tokenRef) }),
    labels: { ...labels },
  };
};
