import { z } from 'zod';

export const severities = ['Info', 'Warning', 'Critical'] as const;

/** What became of an alert at one channel. */
export const AlertDelivery = z.strictObject({
  channel: z.string(),
  /** `held`: it waits for others of its group, for the end of quiet hours or for the next hour. */
  state: z.enum(['held', 'waiting', 'sent', 'failed']),
  /** Wall time of the last change, ms. */
  at: z.number().int(),
  attempts: z.number().int().min(0),
  /** Why it did not arrive yet, or never will. */
  problem: z.string().optional(),
});

/** One alert: a line of the alerts topic, and an entry of `/v1/alerts`. */
export const Alert = z.strictObject({
  /** Equal for equal causes: what is told twice, after a crash say, has the same. */
  id: z.string(),
  rule: z.string(),
  severity: z.enum(severities),
  state: z.enum(['firing', 'ended']),
  /** What it is about: alerts of a rule with an equal key are one. */
  key: z.string(),
  /** The group that it goes out with, where the rule has groups. */
  group: z.string().optional(),
  model: z.string(),
  variant: z.string(),
  post_id: z.string(),
  author_id: z.string(),
  score: z.number().nullable(),
  /** Event time, ms. */
  posted_at: z.number().int(),
  scored_at: z.number().int(),
  age_ms: z.number().int(),
  /** Wall time, ms. */
  fired_at: z.number().int(),
  ended_at: z.number().int().optional(),
  title: z.string(),
  text: z.string(),
  /** To the post. */
  link: z.string().optional(),
});

/** An alert, and what became of it. */
export const AlertEntry = Alert.extend({ deliveries: z.array(AlertDelivery) });

/** `GET /v1/alerts`: newest first. */
export const Alerts = z.strictObject({
  alerts: z.array(AlertEntry),
  /** For `?after=`, where there are more. */
  next: z.string().optional(),
});

export type Severity = (typeof severities)[number];
export type AlertDelivery = z.output<typeof AlertDelivery>;
export type Alert = z.output<typeof Alert>;
export type AlertEntry = z.output<typeof AlertEntry>;
export type Alerts = z.output<typeof Alerts>;

/** What `{name}` in titles and texts can stand for. Ages and times are as people write them, scores have three digits. */
export const alertTemplateNames = [
  ...['rule', 'severity', 'key', 'group', 'model', 'variant', 'post_id', 'author_id', 'author_name', 'text', 'tags'],
  ...['score', 'age', 'posted_at', 'scored_at', 'reposts', 'why', 'link'],
] as const;
