import type { Clock, Logger, Metrics } from '@groundswell/process';
import { type Channel, createChannel, type Subject } from './channel.ts';
import { createFollower, type Follower } from './follower.ts';

/** Sends the newest states to the clients of `/v1/stream`. However many they are, each state is read once. */
export interface Pump {
  /** A response body that begins with the newest state of each subject, but for the one that the client has seen. */
  follow(subjects: readonly Subject[], client: StreamClient): Promise<ReadableStream<Uint8Array>>;
  /** Reads what is due and sends what changed; resolves to the number of subjects that had. */
  step(): Promise<number>;
  /** Until the next read is due, ms; infinite when nobody follows. */
  dueInMs(): number;
  /** The store did not answer the last time. */
  isFailing(): boolean;
  clients(): number;
  /** Ends every stream. */
  stop(): void;
}

interface StreamClient {
  /** The id of the event that it got last. */
  readonly seen?: string | undefined;
  /** Cuts the connection of a client that does not read. */
  readonly drop: () => void;
}

interface PumpPorts {
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

const heartbeatMs = 15_000;
const dropAfterMs = 30_000;
const encoder = new TextEncoder();
const heartbeat = encoder.encode(':\n\n');
/** A client whose connection broke tries again after a second. */
const greeting = encoder.encode('retry: 1000\n\n');

export const createPump = ({ clock, logger, metrics }: PumpPorts): Pump => {
  const channels = new Map<string, Channel>();
  const clients = new Map<Follower, () => void>();
  const clientsGauge = metrics.gauge('api_stream_clients', 'Clients that follow /v1/stream.');
  const sent = metrics.counter('api_stream_events_total', 'States put up for sending, one for each client.', ['event']);
  const dropped = metrics.counter('api_stream_dropped_total', 'Clients cut off because they did not read.');
  let isFailing = false;

  const channelOf = (subject: Subject): Channel => {
    const channel = channels.get(subject.key) ?? createChannel(subject, clock, (event) => sent.inc({ event }));
    channels.set(subject.key, channel);
    return channel;
  };

  /** After a failure followers keep the last state, and the next step tries again. */
  const refresh = async (channel: Channel): Promise<'changed' | 'same'> => {
    try {
      const outcome = await channel.refresh();
      isFailing = false;
      return outcome;
    } catch (err) {
      if (!isFailing) logger.warn({ err, event: channel.subject.event }, 'cannot read for the stream');
      isFailing = true;
      return 'same';
    }
  };

  const forget = (follower: Follower) => {
    clients.delete(follower);
    clientsGauge.set(clients.size);
    for (const [key, { followers }] of channels) {
      followers.delete(follower);
      if (followers.size === 0) channels.delete(key);
    }
  };

  const tend = (follower: Follower, drop: () => void) => {
    const now = clock.now();
    if (now - (follower.waitingSince() ?? now) >= dropAfterMs) {
      dropped.inc();
      forget(follower);
      follower.end();
      drop();
    } else if (now - follower.offeredAt() >= heartbeatMs) {
      follower.offer('heartbeat', heartbeat);
    }
  };

  return {
    follow: async (subjects, { seen, drop }) => {
      const follower = createFollower({ now: () => clock.now(), onGone: () => forget(follower) });
      clients.set(follower, drop);
      clientsGauge.set(clients.size);
      follower.offer('greeting', greeting);
      const show = async (channel: Channel) => {
        if (channel.dueInMs() <= 0) await refresh(channel);
        channel.followers.add(follower);
        if (channel.id() === undefined || channel.id() !== seen) channel.show(follower);
      };
      await Promise.all(subjects.map((subject) => show(channelOf(subject))));
      return follower.body;
    },
    step: async () => {
      const due = [...channels.values()].filter((channel) => channel.dueInMs() <= 0);
      const outcomes = await Promise.all(due.map(refresh));
      for (const [follower, drop] of clients) tend(follower, drop);
      return outcomes.filter((outcome) => outcome === 'changed').length;
    },
    dueInMs: () => Math.min(...[...channels.values()].map((channel) => channel.dueInMs())),
    isFailing: () => isFailing,
    clients: () => clients.size,
    stop: () => {
      for (const follower of clients.keys()) follower.end();
      clients.clear();
      channels.clear();
      clientsGauge.set(0);
    },
  };
};
