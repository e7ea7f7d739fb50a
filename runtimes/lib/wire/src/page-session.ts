import { z } from 'zod';

/** `GET /auth/session`: whether people sign in here, and who did. */
export const PageSession = z.strictObject({
  offered: z.boolean(),
  /** Without it nothing is shown. */
  needed: z.boolean(),
  user: z.strictObject({ name: z.string(), scopes: z.array(z.string()) }).nullable(),
});
export type PageSession = z.output<typeof PageSession>;
