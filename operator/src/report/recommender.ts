import { rounded } from './measures.ts';
import { measuresOf, type Standing } from './standing.ts';

/** How many in a hundred; undefined of none. */
const percentOf = (part: number | undefined, whole: number | undefined): number | undefined =>
  part === undefined || whole === undefined || whole === 0 ? undefined : rounded(Math.min(100, (100 * part) / whole));

/** How a Recommender answers, all its pods together. What is not known is left out. */
export const recommenderStatus = (
  standing: Pick<Standing, 'reports'>,
  program: string,
): Readonly<Record<string, unknown>> => {
  const measures = measuresOf(standing, program);
  if (measures === undefined) return {};
  const { produced, p99Ms } = measures;
  const requests = produced['requests'];
  // Each pod learns from the same counts, at the same times.
  const [blend] = standing.reports.flatMap(({ program: of, current }) =>
    of === program && current.blend !== undefined ? [current.blend] : [],
  );
  const status = {
    requestsPerSecond: requests === undefined ? undefined : rounded(requests),
    p99Ms: p99Ms === undefined ? undefined : rounded(p99Ms),
    cacheHitPercent: percentOf(produced['from the cache'], requests),
    coldPercent: percentOf(produced['of new users'], requests),
    fallbackPercent: percentOf(produced['fallen back'], requests),
    successPercent: percentOf(produced['successes'], produced['items shown']),
    blend,
  };
  return Object.fromEntries(Object.entries(status).filter(([, value]) => value !== undefined));
};
