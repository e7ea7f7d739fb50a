const seed = 0x9747b28c;
const mix = 0x5bd1e995;
const scratch = new Uint8Array(4096);
const encoder = new TextEncoder();

/** UTF-8 of the key; in a shared buffer where it fits, so use it before the next call. */
const bytesOf = (key: string): Uint8Array => {
  if (key.length * 3 > scratch.length) return encoder.encode(key);
  return scratch.subarray(0, encoder.encodeInto(key, scratch).written);
};

/** The 32-bit MurmurHash2 of Kafka's Java client (org.apache.kafka.common.utils.Utils.murmur2), signed. */
export const murmur2 = (bytes: Uint8Array): number => {
  const length = bytes.length;
  let hash = seed ^ length;
  let i = 0;
  for (; i + 4 <= length; i += 4) {
    const word =
      (bytes[i] ?? 0) | ((bytes[i + 1] ?? 0) << 8) | ((bytes[i + 2] ?? 0) << 16) | ((bytes[i + 3] ?? 0) << 24);
    let k = Math.imul(word, mix);
    k ^= k >>> 24;
    hash = Math.imul(hash, mix) ^ Math.imul(k, mix);
  }
  const rest = length - i;
  if (rest === 3) hash ^= (bytes[i + 2] ?? 0) << 16;
  if (rest >= 2) hash ^= (bytes[i + 1] ?? 0) << 8;
  if (rest >= 1) hash = Math.imul(hash ^ (bytes[i] ?? 0), mix);
  hash = Math.imul(hash ^ (hash >>> 13), mix);
  return hash ^ (hash >>> 15);
};

/** Where a key lives: the same on every adapter, and the same as with Kafka's own clients. */
export const partitionOf = (key: string, partitions: number): number =>
  partitions === 1 ? 0 : (murmur2(bytesOf(key)) & 0x7fffffff) % partitions;
