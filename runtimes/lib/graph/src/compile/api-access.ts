import type { ViralityPipeline } from '@groundswell/crds';
import type { ApiAccess } from '../programs/index.ts';
import type { PipelineReading } from './context.ts';
import { secretOf } from './sources/references.ts';

type Api = NonNullable<ViralityPipeline['spec']['api']>;

/** Who may ask what, and how often. */
export const apiAccessOf = (reading: PipelineReading, api: Api): ApiAccess => {
  const oidc = reading.spec.ui?.oidc;
  const { keysRef, anonymous, rateLimit, corsOrigins, maxBody } = api;
  if (anonymous === 'None' && keysRef === undefined && oidc === undefined)
    reading.refuse(
      ['api', 'anonymous'],
      'Cannot turn away callers without a key: there are no keys and nobody signs in, name a Secret with a list of keys in keysRef, or a provider in ui.oidc',
    );
  checkOrigins(reading, corsOrigins);
  return {
    ...(keysRef && { keys: secretOf(keysRef) }),
    ...(oidc && { signIn: signInOf(oidc) }),
    anonymous,
    perSecond: rateLimit.perSecond,
    burst: rateLimit.burst,
    // A laptop is reached as it is, whatever the resource says of a cluster.
    forwarded: reading.target === 'cluster' && api.ingress !== undefined,
    origins: [...corsOrigins],
    maxBodyBytes: maxBody,
  };
};

type Oidc = NonNullable<NonNullable<ViralityPipeline['spec']['ui']>['oidc']>;

const signInOf = ({ issuer, clientId, clientSecretRef, scopes, operators }: Oidc): ApiAccess['signIn'] => ({
  ...{ issuer, clientId, clientSecret: secretOf(clientSecretRef) },
  ...{ scopes: [...scopes], operators: [...operators] },
});

/** As browsers write them: anything else would match none, and nobody would know why. */
const checkOrigins = ({ refuse }: PipelineReading, origins: readonly string[]): void => {
  for (const [i, origin] of origins.entries()) {
    const path = ['api', 'corsOrigins', i];
    if (origin === '*' || originIn(origin) === origin) continue;
    const needed = originIn(origin) ?? 'https://example.com';
    refuse(
      path,
      `Cannot let pages of ${JSON.stringify(origin)} call the API: it is no origin, one as in ${needed} is needed`,
    );
  }
};

const originIn = (text: string): string | undefined => {
  const { origin, protocol } = URL.parse(text) ?? {};
  return protocol === 'https:' || protocol === 'http:' ? origin : undefined;
};
