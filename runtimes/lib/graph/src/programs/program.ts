import { z } from 'zod';
import { ValueReference } from './value-reference.ts';

/** Milliseconds. */
export const Millis = z.number().int().min(0);

/** A CEL expression, already checked by the compiler. */
export const Cel = z.string().min(1);

/** How often a program tries what a store does not take, and how long it waits in between. */
const Retries = z.strictObject({ attempts: z.number().int().min(1), initialMs: Millis, maxMs: Millis });

/** What every program's configuration has. `revision` is a hash of the rest: programs report which one they run. */
export const programBase = {
  /** Unique in a pipeline, a DNS label: `ingest-demo`, `window-post-10m`, `scorer-virality`, `api`. */
  name: z.string(),
  pipeline: z.string(),
  revision: z.string(),
  /** Times of the stages of an event are not kept. Absent: they are. */
  stampLatency: z.literal(false).optional(),
  /** Of those that put aside what cannot be used. */
  retries: Retries.optional(),
  /** Where some events are followed through all programs. Absent: none are. */
  traces: z
    .strictObject({
      /** Of an OTLP receiver over HTTP. */
      endpoint: z.string(),
      /** Of the events, 0..1. */
      share: z.number(),
      /** For the receiver: `name=value`, separated by commas. */
      headers: ValueReference.optional(),
    })
    .optional(),
};

/** The consumer group of a program. Pipelines that share a Kafka may have programs of the same name. */
export const groupOf = ({ pipeline, name }: { readonly pipeline: string; readonly name: string }): string =>
  `${pipeline}.${name}`;

/** The Service of a program in a cluster, and the base of the names of its objects. */
export const serviceOf = ({ pipeline, name }: { readonly pipeline: string; readonly name: string }): string =>
  `${pipeline}-${name}`;

/** A topic that a program reads or writes, with what is needed to create it. */
export const Topic = z.strictObject({
  name: z.string(),
  /** Absent: 1 where the log is embedded, 12 on Kafka. */
  partitions: z.number().int().min(1).optional(),
  retentionMs: Millis.optional(),
  compacted: z.boolean().optional(),
});

/** Per partition: max timestamp seen − maxOutOfOrderness. A partition silent for idleTimeout (wall time) does not hold back the others. */
export const Watermark = z.strictObject({
  maxOutOfOrdernessMs: Millis,
  idleTimeoutMs: Millis.optional(),
});

export type Retries = z.output<typeof Retries>;
export type Topic = z.output<typeof Topic>;
export type Watermark = z.output<typeof Watermark>;
