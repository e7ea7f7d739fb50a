import type { Refusal } from './window.ts';

/** Gathers what SQL cannot say, so that all of it is told at once. */
export interface Refusals {
  readonly found: readonly Refusal[];
  refuse(path: Refusal['path'], why: string): void;
  /** What `emit` gives; nothing, and a refusal, where it throws. */
  attempt<T>(path: Refusal['path'], emit: () => T): T | undefined;
}

/** `aggregations[2].where` */
const formatPath = (path: Refusal['path']): string =>
  path.reduce<string>((text, step) => {
    if (typeof step === 'number') return `${text}[${step}]`;
    return text === '' ? step : `${text}.${step}`;
  }, '');

export const createRefusals = (): Refusals => {
  const found: Refusal[] = [];
  const refuse = (path: Refusal['path'], why: string): void => {
    found.push({ path, message: `Cannot compile ${formatPath(path)} to Flink SQL: ${why}` });
  };
  return {
    found,
    refuse,
    attempt: (path, emit) => {
      try {
        return emit();
      } catch (error) {
        if (!(error instanceof Error)) throw error;
        refuse(path, error.message.charAt(0).toLowerCase() + error.message.slice(1));
        return undefined;
      }
    },
  };
};
