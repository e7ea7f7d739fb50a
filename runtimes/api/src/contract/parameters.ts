import { z } from 'zod';

/** A whole number that came as text. */
const whole = (least: number, most: number) => {
  const error = `a whole number from ${least} to ${most} is needed`;
  const read = (text: unknown) => (typeof text === 'string' && /^\d{1,15}$/.test(text) ? Number(text) : text);
  return z.preprocess(read, z.int({ error }).min(least, { error }).max(most, { error }));
};

export const limit = (byDefault: number) => whole(1, 100).default(byDefault).describe('Entries of a page, at most.');

export const cursor = () =>
  z.string().max(1024).optional().describe('`next_cursor` of the page before; absent: the first page.');

export const modelName = () =>
  z.string().min(1).max(253).optional().describe("A ScoringModel; absent: the pipeline's first.");

/** Comma-separated. */
export const textOf = (most: number) =>
  z
    .string()
    .min(1, { error: 'a text is needed' })
    .max(most, { error: `at most ${most} characters are possible` });
