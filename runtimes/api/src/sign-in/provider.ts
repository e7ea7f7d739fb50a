import type { SignIn } from '@groundswell/graph';
import type { Values } from '@groundswell/process';
import * as oidc from 'openid-client';
import { z } from 'zod';

/** Who signed in, as the provider says. */
export const User = z.object({
  sub: z.string(),
  name: z.string(),
  groups: z.array(z.string()),
});
export type User = z.output<typeof User>;

/** What has to be known again when the browser comes back. */
export const Begun = z.object({ state: z.string(), nonce: z.string(), verifier: z.string(), to: z.string() });
export type Begun = z.output<typeof Begun>;

/** Longest wait for the provider, s. */
const timeoutS = 10;

export interface Provider {
  /** @param redirectUri  where the provider sends the browser back to */
  begin(redirectUri: string, to: string): Promise<{ readonly url: URL; readonly begun: Begun }>;
  /** @param current  address that the browser came back to, with code and state. @throws Error where the provider or a check says no */
  finish(current: URL, begun: Begun): Promise<User>;
}

/** An OpenID provider, asked anew each time: its keys and our secret may change. */
export const createProvider = (signIn: () => SignIn, values: Values): Provider => {
  const configure = async (): Promise<oidc.Configuration> => {
    const { issuer, clientId, clientSecret } = signIn();
    const url = new URL(issuer);
    const execute = url.protocol === 'http:' ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(url, clientId, await values.read(clientSecret), undefined, { execute, timeout: timeoutS });
  };
  return {
    begin: async (redirectUri, to) => {
      const config = await configure();
      const begun = {
        ...{ state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() },
        to,
      };
      const url = oidc.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: signIn().scopes.join(' '),
        ...{ state: begun.state, nonce: begun.nonce },
        code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
      });
      return { url, begun };
    },
    finish: async (current, { state, nonce, verifier }) => {
      const config = await configure();
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await oidc.authorizationCodeGrant(config, current, checks);
      const claims = tokens.claims();
      if (claims === undefined) throw new Error('the provider gave no ID token');
      // Some providers keep groups and names out of the token, as it travels.
      const more =
        claims['groups'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
          ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
          : {};
      return userIn({ ...claims, ...more });
    },
  };
};

const text = z.string().min(1).max(256);

const userIn = (claims: Readonly<Record<string, unknown>>): User => {
  const known = ['name', 'preferred_username', 'email', 'sub'].map((claim) => text.safeParse(claims[claim]).data);
  return {
    sub: String(claims['sub']),
    name: known.find((name) => name !== undefined) ?? '',
    groups: z.array(z.string()).safeParse(claims['groups']).data ?? [],
  };
};
