/** Shard of a user: the same on all machines, for good. FNV-1a over UTF-16 units, mixed at the end. */
export const shardOf = (user: string, shards: number): number => {
  let hash = 0x811c9dc5;
  for (let i = 0; i < user.length; i++) hash = Math.imul(hash ^ user.charCodeAt(i), 0x01000193);
  // The low bits of FNV alone depend on the low bits of the text alone.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) % shards;
};
