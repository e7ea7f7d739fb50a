import type { Program } from '@groundswell/graph';
import type { FanOutReport } from '@groundswell/process';
import { lookOf } from '../scale/load-of.ts';
import { rounded } from './measures.ts';
import { measuresOf, type Standing } from './standing.ts';
import { timeOf } from './time.ts';

type Reports = Pick<Standing, 'reports'>;

/** How a Feed delivers, all its pods together. What is not known is left out. */
export const feedStatus = (standing: Reports & Pick<Standing, 'programs'>): Readonly<Record<string, unknown>> => {
  const lags: Record<string, number | undefined> = {};
  let delivery: Readonly<Record<string, unknown>> = {};
  for (const program of standing.programs) {
    if (program.kind !== 'feed') continue;
    lags[program.work.kind] = waitingOf(standing, program, program.posts.name);
    if (program.work.kind === 'fanOut') delivery = deliveryOf(standing, program.name);
  }
  const lag = known({ saver: lags['saver'], fanOut: lags['fanOut'] });
  return { ...delivery, ...(Object.keys(lag).length > 0 && { lag }) };
};

const known = (entries: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

/** Records of a topic that nobody of the group has taken. */
const waitingOf = ({ reports }: Reports, { name }: Program, topic: string): number | undefined => {
  const look = lookOf(reports.filter(({ program }) => program === name));
  const partitions = look?.partitions.filter((one) => one.topic === topic);
  return partitions?.reduce((sum, { waiting }) => sum + waiting, 0);
};

const deliveryOf = (standing: Reports, program: string): Readonly<Record<string, unknown>> => {
  const measures = measuresOf(standing, program);
  if (measures === undefined) return {};
  const { produced, p99Ms } = measures;
  const roundedOrNot = (value: number | undefined) => (value === undefined ? undefined : rounded(value));
  const told = standing.reports.filter((report) => report.program === program).map(({ current }) => current);
  return known({
    postsPerSecond: roundedOrNot(produced['posts']),
    deliveriesPerSecond: roundedOrNot(produced['deliveries']),
    deliveryP99Ms: roundedOrNot(p99Ms),
    fanOut: progressOf(told.flatMap(({ at, fanOut }) => (fanOut === undefined ? [] : [{ at, ...fanOut }]))),
  });
};

/** The workers go on beside one another: all is done when the last of them is. */
const progressOf = (told: readonly (FanOutReport & { readonly at: number })[]) => {
  if (told.length === 0) return undefined;
  const sum = (count: (one: FanOutReport) => number): number => told.reduce((total, one) => total + count(one), 0);
  const ends = told.flatMap(({ at, expectedMs }) => (expectedMs === undefined ? [] : [at + expectedMs]));
  return {
    // Each worker has some shards of every post.
    postsInFlight: Math.max(...told.map(({ postsInFlight }) => postsInFlight)),
    followersDone: sum(({ followersDone }) => followersDone),
    followersLeft: sum(({ followersLeft }) => followersLeft),
    ...(ends.length > 0 && { expectedAt: timeOf(Math.max(...ends)) }),
  };
};
