import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '@groundswell/process';

/** How often mounted secrets are looked at for changes, ms. A kubelet takes up to a minute to bring one. */
const lookEveryMs = 5_000;

const digestOf = async (files: readonly string[]): Promise<string | undefined> => {
  const hash = createHash('sha256');
  try {
    for (const file of files) hash.update(await readFile(file)).update('\0');
  } catch {
    // In the middle of a swap.
    return undefined;
  }
  return hash.digest('hex');
};

/** Answers whether the content of the files is another than at first. What cannot be read counts as unchanged. */
export const followFiles = async (files: readonly string[], clock: Clock): Promise<() => Promise<boolean>> => {
  const first = await digestOf(files);
  let lookedAt = clock.now();
  return async () => {
    if (files.length === 0 || clock.now() - lookedAt < lookEveryMs) return false;
    lookedAt = clock.now();
    const now = await digestOf(files);
    return now !== undefined && now !== first;
  };
};
