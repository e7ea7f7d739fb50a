import type { TopicPartition } from '../log.ts';
import { idOf } from './inbox.ts';

/** What a rebalance means for a program that has not been told of it yet. */
export interface Membership {
  /**
   * The group has given this member its partitions. A new member id says that the old one was thrown out, and that
   * others may have read everything meanwhile.
   *
   * @returns partitions that stay, and those that the program does not have
   */
  joined(
    memberId: string,
    parts: readonly TopicPartition[],
  ): { readonly kept: readonly TopicPartition[]; readonly gained: readonly TopicPartition[] };
  /** Whether the partition is the program's and was never taken from it, also not for a moment. */
  isKept(part: TopicPartition): boolean;
  /** Whether the group says now that the partition is this member's. */
  isAssigned(part: TopicPartition): boolean;
  /** What the program must be told; afterwards it has what the group says. */
  settle(): { readonly revoked: readonly TopicPartition[]; readonly gained: readonly TopicPartition[] } | undefined;
}

export const createMembership = (): Membership => {
  let held = new Map<string, TopicPartition>();
  let assigned = new Map<string, TopicPartition>();
  const lost = new Set<string>();
  let member: string | undefined;
  let isSettled = true;

  const isKeptId = (id: string): boolean => held.has(id) && !lost.has(id);
  return {
    joined: (memberId, parts) => {
      assigned = new Map(parts.map((part) => [idOf(part), part]));
      for (const id of held.keys()) if (memberId !== member || !assigned.has(id)) lost.add(id);
      member = memberId;
      isSettled = false;
      const isKept = (part: TopicPartition): boolean => isKeptId(idOf(part));
      return { kept: parts.filter(isKept), gained: parts.filter((part) => !isKept(part)) };
    },
    isKept: (part) => isKeptId(idOf(part)),
    isAssigned: (part) => assigned.has(idOf(part)),
    settle: () => {
      if (isSettled) return undefined;
      isSettled = true;
      const revoked = [...held].filter(([id]) => lost.has(id)).map(([, part]) => part);
      const gained = [...assigned].filter(([id]) => !isKeptId(id)).map(([, part]) => part);
      held = new Map(assigned);
      lost.clear();
      return { revoked, gained };
    },
  };
};
