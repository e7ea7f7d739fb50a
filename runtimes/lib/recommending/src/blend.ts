/** How much each of two scores counts. Not negative; their sum is 1. */
export interface Weights {
  readonly realTime: number;
  readonly offline: number;
}

/** Both scores as one. Where one of them is missing (undefined or NaN), the other counts alone; without both there is none. */
export const blend = (
  { realTime, offline }: Weights,
  scores: { readonly realTime: number | undefined; readonly offline: number | undefined },
): number | undefined => {
  const live = known(scores.realTime);
  const computed = known(scores.offline);
  if (live === undefined || computed === undefined) return live ?? computed;
  return realTime * live + offline * computed;
};

const known = (score: number | undefined): number | undefined =>
  score === undefined || Number.isNaN(score) ? undefined : score;
