import { createHash } from 'node:crypto';
import { z } from 'zod';

/** What a key may do: read, write (posts, follows, outcomes, …), and decide about rollouts. */
const scopes = ['read', 'write', 'operate'] as const;
export type Scope = (typeof scopes)[number];

const Key = z.strictObject({
  /** Who calls. Keys of one name are one caller: the old one and the new one, while they are changed. */
  name: z.string().min(1).max(64),
  sha256: z.string().regex(/^[0-9a-f]{64}$/, { error: 'the SHA-256 of the key as 64 hexadecimal digits is needed' }),
  scopes: z.array(z.enum(scopes)).min(1),
  /** Absent: as many as others. */
  perSecond: z.number().int().min(1).max(1_000_000).optional(),
});
export type Key = z.output<typeof Key>;

/** The keys in force. Nothing of a key itself is kept: only its digest. */
export interface Keys {
  find(key: string): Key | undefined;
}

const cannot = 'Cannot read the API keys';

// Messages of the parser quote what it reads, and by mistake that may be a key.
const jsonIn = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${cannot}: it is no JSON, a list of {name, sha256, scopes, perSecond} is needed`);
  }
};

/** @throws Error that says what is wrong, and nothing of what stands there */
export const parseKeys = (text: string): Keys => {
  const parsed = z.array(Key).min(1).safeParse(jsonIn(text));
  if (!parsed.success) {
    const said = parsed.error.issues.map(({ path, message, code }) => {
      const what = code === 'unrecognized_keys' ? 'it has a field that is not known' : message;
      return `${path.length === 0 ? 'the whole' : path.join('.')}: ${what}`;
    });
    throw new Error(`${cannot}: ${said.join('; ')}`);
  }
  // By digest: how long it takes to find one tells nothing of a key.
  const byDigest = new Map(parsed.data.map((key) => [key.sha256, key]));
  if (byDigest.size < parsed.data.length) throw new Error(`${cannot}: one stands there twice, each is needed once`);
  return { find: (key) => byDigest.get(createHash('sha256').update(key).digest('hex')) };
};
