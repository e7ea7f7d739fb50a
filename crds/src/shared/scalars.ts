import { z } from 'zod';

const matching = (pattern: RegExp, max: number, what: string) =>
  z
    .string()
    .min(1)
    .max(max)
    .regex(pattern, { error: ({ input }) => `${JSON.stringify(input)} is no ${what}` });

/** Names a part of a resource, or a resource; becomes part of names in Kubernetes, Kafka and Redis. */
export const name = () =>
  matching(/^[a-z]([a-z0-9-]*[a-z0-9])?$/, 40, 'name: write small letters, digits and "-", at most 40, as in post-10m');

/** Names a value in CEL: an aggregation, a feature, a step of a pattern. */
export const identifier = () =>
  matching(/^[a-z][a-z0-9_]*$/, 63, 'identifier: write small letters, digits and "_", as in reposts_10m');

/** A CEL expression. The compiler checks it where it is used. */
export const cel = () => z.string().min(1).max(2048);

/** A field of the event; a dotted one (`attributes.city`) is known by its last part in templates. */
export const eventField = () =>
  matching(
    /^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$/,
    128,
    'field of the event: write it as in user_id or attributes.city',
  );

/** A key in the store, with `{field}` for each part that varies. */
export const keyTemplate = () =>
  matching(
    /^([A-Za-z0-9:._@/-]|\{[a-z_][a-z0-9_]*\})+$/,
    256,
    'key template: write letters, digits and :._@/- with {field} for what varies, as in user:{user_id}:realtime',
  );

/** A Kafka topic: a short name of this pipeline's (`events`), or a whole one of another's. */
export const topicName = () =>
  matching(/^[A-Za-z0-9._-]+$/, 200, 'topic: write letters, digits, ".", "_" and "-", at most 200');

export const text = (max: number) => z.string().min(1).max(max);

/** A URL with one of the given schemes. */
export const url = (...schemes: readonly string[]) =>
  matching(
    new RegExp(`^(${schemes.join('|')})://[^\\s]+$`),
    2048,
    `URL: it must start with ${schemes.map((scheme) => `${scheme}://`).join(' or ')}`,
  );

/** `host:port`. */
export const address = () =>
  matching(/^[A-Za-z0-9.[\]:_-]+:[0-9]{1,5}$/, 260, 'address: write host:port, as in kafka.example.com:9092');

/** Five fields, as in `0 * * * *`, or a word such as `@hourly`. */
export const cronSchedule = () =>
  matching(
    /^(@(hourly|daily|weekly|monthly)|[0-9*,/-]+( [0-9A-Za-z*,/?-]+){4})$/,
    100,
    'schedule: write five fields, as in "0 * * * *", or @hourly, @daily, @weekly, @monthly',
  );

/** A share of the whole. */
export const fraction = () => z.number().min(0).max(1);

export const percent = () => z.number().min(0).max(100);

export const sha256 = () => matching(/^[0-9a-f]{64}$/, 64, 'sha256: write 64 hexadecimal digits in small letters');

export const flag = (preset: boolean) => z.boolean().default(preset);

/**
 * An event time, as in `2026-11-21T03:00:00Z`. Parsed into milliseconds since the epoch.
 */
export const instant = () =>
  matching(
    /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,3})?Z$/,
    24,
    'time: write it in UTC, as in 2026-11-21T03:00:00Z',
  ).transform((written) => Date.parse(written));
