import { severities } from '@groundswell/wire';
import { z } from 'zod';
import { Cel, Millis, programBase, Topic } from './program.ts';
import { ValueReference } from './value-reference.ts';

/** Where alerts go. */
const Channel = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('slack'),
    name: z.string(),
    /** Address of the incoming webhook. */
    url: ValueReference,
    form: z.enum(['Text', 'Blocks']),
  }),
  z.strictObject({
    kind: z.literal('email'),
    name: z.string(),
    host: z.string(),
    port: z.number().int(),
    tls: z.enum(['StartTls', 'Implicit', 'None']),
    username: ValueReference.optional(),
    password: ValueReference.optional(),
    from: z.string(),
    to: z.array(z.string()).min(1),
  }),
  z.strictObject({
    kind: z.literal('webhook'),
    name: z.string(),
    url: z.string(),
    signingKey: ValueReference.optional(),
    headers: z.record(z.string(), z.string()),
    timeoutMs: Millis,
  }),
  z.strictObject({
    kind: z.literal('alertmanager'),
    name: z.string(),
    url: z.string(),
    token: ValueReference.optional(),
    labels: z.record(z.string(), z.string()),
  }),
]);

/** CEL sees `prediction`, `post` and `windows`. */
const AlertRule = z.strictObject({
  name: z.string(),
  when: Cel,
  /** Ends the alert; absent: when `when` no longer holds. */
  until: Cel.optional(),
  /** Event time that `when` must hold first. */
  forMs: Millis,
  /** Absent: of all models. */
  model: z.string().optional(),
  severity: z.enum(severities),
  channels: z.array(z.string()).min(1),
  /** Alerts with an equal key are one, for so long of event time. */
  once: z.strictObject({ key: Cel, withinMs: Millis }),
  group: z.strictObject({ by: Cel, waitMs: Millis }).optional(),
  maxPerHour: z.number().int().min(1),
  quietHours: z
    .strictObject({
      /** Minutes of the day. */
      from: z.number().int(),
      to: z.number().int(),
      timeZone: z.string(),
      unless: z.enum([...severities, 'Never']),
    })
    .optional(),
  /** Templates with `{name}`. */
  title: z.string(),
  text: z.string().optional(),
});

/** Who is told of what happens, without any rule. */
const Webhook = z.strictObject({
  url: z.string(),
  events: z.array(z.enum(['prediction', 'alert', 'rollout', 'outcome'])).min(1),
  signingKey: ValueReference,
});

/** Looks at predictions by rules, and tells channels and webhooks. All but the topics is live. */
export const AlerterProgram = z.strictObject({
  kind: z.literal('alerter'),
  ...programBase,
  predictions: Topic,
  /** Each alert when it fires, and when it ends. */
  alerts: Topic,
  deadLetters: Topic,
  /** What became of rollouts and posts, for webhooks. */
  decisions: Topic,
  outcomes: Topic,
  /** Windows that rules look at: the hash that holds the values, and what stands for the names in its key. */
  windows: z.array(
    z.strictObject({
      name: z.string(),
      hash: z.string(),
      key: z.array(z.strictObject({ name: z.string(), value: z.enum(['post_id', 'author_id']) })),
    }),
  ),
  channels: z.array(Channel),
  rules: z.array(AlertRule),
  webhooks: z.array(Webhook),
  historyMs: Millis,
  /** Link to a post, with `{post_id}` and `{author_id}`. */
  postUrl: z.string().optional(),
});

export type Webhook = z.output<typeof Webhook>;
export type AlertChannel = z.output<typeof Channel>;
export type AlertRule = z.output<typeof AlertRule>;
export type AlerterProgram = z.output<typeof AlerterProgram>;
