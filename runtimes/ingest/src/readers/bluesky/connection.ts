import { doubling } from '../../connection/backoff.ts';
import { type Connection, createConnection as connect } from '../../connection/connection.ts';
import { openWebSocket } from '../../connection/web-socket.ts';
import type { World } from '../../source-reader.ts';
import { openPacked } from './dictionary.ts';

export interface ConnectionOptions {
  /** Tried in turn: after each failure the next. */
  readonly instances: readonly string[];
  /** The whole address, with the cursor as of now. */
  readonly urlOf: (instance: string) => URL;
  /** Messages come packed, by a dictionary of the instance. */
  readonly packed?: boolean;
  readonly heartbeatTimeoutMs: number;
  readonly backoff: { readonly initialMs: number; readonly maxMs: number };
}

/** Keeps a WebSocket to one of several Jetstream instances. */
export const createConnection = (
  { instances, urlOf, packed = false, heartbeatTimeoutMs, backoff }: ConnectionOptions,
  world: Pick<World, 'clock' | 'sleep' | 'random' | 'openSocket' | 'logger'>,
): Connection =>
  connect(
    {
      what: 'Jetstream',
      targets: instances.map((name) => ({
        name,
        open: (handlers) =>
          packed
            ? openPacked({ instance: name, urlOf: () => urlOf(name) }, world, handlers)
            : openWebSocket({ url: urlOf(name).href }, world, handlers),
      })),
      heartbeatTimeoutMs,
      wait: doubling(backoff, world.random),
    },
    world,
  );
