import { z } from 'zod';

const positive = z.number().positive();
const node = z.strictObject({ name: z.string(), hour: positive, cores: positive, gib: positive });

/** Prices in US dollars, rates of one core in a second, and how it is run; assumptions.yaml says what each is. */
export const Assumptions = z.strictObject({
  prices: z.strictObject({
    node,
    memoryNode: node,
    spotShare: z.number().min(0).max(1),
    clusterHour: z.number().min(0),
    loadBalancerHour: z.number().min(0),
    diskGbMonth: z.number().min(0),
    zoneGb: z.number().min(0),
  }),
  capacity: z.strictObject({
    ingestEvents: positive,
    windowEvents: positive,
    scorerRows: positive,
    apiRequests: positive,
    redisCommands: positive,
    kafkaMegabytes: positive,
  }),
  habits: z.strictObject({
    peak: z.number().min(1),
    utilization: z.number().min(0.05).max(1),
    nodeOverhead: z.number().min(0).max(0.9),
    brokers: z.number().int().min(1),
    redisNodes: z.number().int().min(1),
    postBytes: positive,
  }),
});
export type Assumptions = z.output<typeof Assumptions>;
export type NodePrice = z.output<typeof node>;
