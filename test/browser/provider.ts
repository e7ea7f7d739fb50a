import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

export const client = { id: 'groundswell', secret: 'not-for-anybody-else' };

/** An OpenID provider in which whoever signs in as `ann` is of the group `ops`. */
export interface RunningProvider {
  readonly issuer: string;
  /** Lets a page sign people in. */
  admit(redirectUri: string): void;
  stop(): Promise<void>;
}

export const startProvider = async (): Promise<RunningProvider> => {
  let handle: RequestListener = (_, response) => void response.writeHead(503).end();
  const server = createServer((request, response) => handle(request, response));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    admit: (redirectUri) => {
      const provider = new Provider(issuer, {
        clients: [{ client_id: client.id, client_secret: client.secret, redirect_uris: [redirectUri] }],
        claims: { openid: ['sub'], profile: ['name'], groups: ['groups'] },
        scopes: ['openid', 'profile', 'groups'],
        cookies: { keys: ['of the test'] },
        findAccount: (_context: unknown, id: string) => ({
          accountId: id,
          claims: async () => ({ sub: id, name: `${id} of the newsroom`, groups: id === 'ann' ? ['ops'] : ['guests'] }),
        }),
      });
      handle = provider.callback();
    },
    stop: () =>
      new Promise((stopped) => {
        server.close(() => stopped());
        server.closeAllConnections();
      }),
  };
};
