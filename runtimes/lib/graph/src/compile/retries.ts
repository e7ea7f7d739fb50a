import type { FeatureWindow } from '@groundswell/crds';
import type { Retries } from '../programs/index.ts';

/** The same wherever a resource has it. */
type Policy = FeatureWindow['spec']['deadLetters'];

export const retriesOf = ({ attempts, backoff }: Policy): { readonly retries: Retries } => ({
  retries: { attempts, initialMs: backoff.initial, maxMs: backoff.max },
});
