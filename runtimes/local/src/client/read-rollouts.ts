import { Problem, type RolloutStatus, Rollouts } from '@groundswell/wire';

/** The rollouts of the pipeline whose API listens at `url`. @throws Error that says what answered, and what is needed */
export const readRollouts = async (url: string): Promise<readonly RolloutStatus[]> => {
  const address = new URL('/v1/rollouts', url).href;
  const response = await fetch(address, { signal: AbortSignal.timeout(10_000) }).catch((cause: unknown) => {
    throw new Error(`Cannot read ${address}: nothing answers there, start "groundswell up" or give --url`, { cause });
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) {
    const problem = Problem.pick({ detail: true }).safeParse(body);
    const said = problem.success
      ? problem.data.detail
      : `it answers ${response.status}, the API of a pipeline is needed`;
    throw new Error(`Cannot read ${address}: ${said}`);
  }
  const parsed = Rollouts.safeParse(body);
  if (parsed.success) return parsed.data.rollouts;
  throw new Error(`Cannot read ${address}: what it answers are no rollouts, the API of a pipeline is needed`);
};
