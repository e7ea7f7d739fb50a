import { SocialEvent } from '@groundswell/wire';

/** An event as a reader made it: every field of it still has to be checked. */
export type Draft = Partial<Record<keyof SocialEvent, unknown>>;

/**
 * The event, or why the draft is none. The schema is compiled by zod when it is first used: 0.6 µs for a repost, so there is
 * no second, hand-written check beside it.
 */
export const validateEvent = (draft: Draft): SocialEvent | string => {
  const { success, data, error } = SocialEvent.safeParse(draft);
  if (success) return data;
  const problems = error.issues.slice(0, 5).map(({ path, message }) => `${path.join('.')}: ${sayPlainly(message)}`);
  return `Cannot make an event: ${problems.join('; ')}`;
};

const sayPlainly = (message: string): string =>
  message.replace(/^Invalid input: expected (\w+), received undefined$/, 'is missing, a $1 is needed');
