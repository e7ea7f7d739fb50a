import type { RequestOptions } from 'node:https';

/** Where the API server is, and how one logs in there. */
export interface Access {
  /** `https://host:port`. */
  readonly server: string;
  /** The namespace that is meant where none is named. */
  readonly namespace: string | undefined;
  /** Requests have to take the agent that comes with the credentials. */
  readonly proxied?: boolean;
  /** Certificates and headers, as they are now: tokens are renewed. */
  credentials(): Promise<RequestOptions>;
}
