import type { SignIn } from '@groundswell/graph';
import type { Values } from '@groundswell/process';
import type { KeyValue } from '@groundswell/stores';
import type { Context } from 'hono';
import { getCookie } from 'hono/cookie';
import type { Scope } from '../access/keys.ts';
import type { ApiEnv } from '../contract/route.ts';
import { Begun, createProvider, type Provider, User } from './provider.ts';
import { createTickets, type Tickets } from './sessions.ts';

const hour = 3_600_000;

/** People sign in once a working day. */
const sessionMs = 12 * hour;
/** From the click until the browser is back. */
const begunMs = hour / 6;

/** Cookies of the page. */
export const cookies = { session: 'groundswell-session', begun: 'groundswell-sign-in' } as const;

export interface SignInOptions {
  /** Undefined where the pipeline declares none. */
  readonly signIn: () => SignIn | undefined;
  readonly keyValue: KeyValue;
  readonly pipeline: string;
  readonly values: Values;
}

interface SignedIn {
  readonly user: User;
  readonly scopes: readonly Scope[];
}

/** People, told by the cookie of their browser. */
export interface SignIns {
  isOffered(): boolean;
  readonly provider: Provider;
  readonly sessions: Tickets<User>;
  readonly begun: Tickets<Begun>;
  readonly sessionMs: number;
  /** Who sent the request; undefined for who has no session that is in force. */
  of(c: Context<ApiEnv>): Promise<SignedIn | undefined>;
}

export const createSignIns = ({ signIn, keyValue, pipeline, values }: SignInOptions): SignIns => {
  const inForce = (): SignIn => {
    const declared = signIn();
    if (declared === undefined) throw new Error('Cannot sign in: the pipeline declares no ui.oidc, it is needed');
    return declared;
  };
  const kept = { keyValue, pipeline };
  const sessions = createTickets({ ...kept, kind: 'session', schema: User, ttlMs: sessionMs });
  return {
    isOffered: () => signIn() !== undefined,
    provider: createProvider(inForce, values),
    sessions,
    begun: createTickets({ ...kept, kind: 'begun', schema: Begun, ttlMs: begunMs }),
    sessionMs,
    of: async (c) => {
      const secret = getCookie(c, cookies.session);
      const declared = signIn();
      if (secret === undefined || declared === undefined) return undefined;
      const user = await sessions.find(secret);
      if (user === undefined) return undefined;
      // By the list as it is now: who is taken out of it decides nothing any more.
      const operates = user.groups.some((group) => declared.operators.includes(group));
      return { user, scopes: operates ? ['read', 'operate'] : ['read'] };
    },
  };
};
