/** A consumer, as its group sees it. */
export interface Member {
  readonly topics: readonly string[];
}

/**
 * Who reads what, and how far the group has got. A partition changes hands in two steps, so that no two members ever have
 * it at once: the one who has it lets go at its next poll, then the one who shall have it takes it.
 */
export interface Group {
  /** Grows with each change that members must look at. */
  version(): number;
  join(member: Member): void;
  leave(member: Member): void;
  /** Whether `member` is the one who shall have the partition. */
  isMeant(member: Member, topic: string, partition: number): boolean;
  /** Takes the partition, unless another member still has it. */
  claim(member: Member, id: string): boolean;
  release(member: Member, ids: readonly string[]): void;
  readonly committed: Map<string, number>;
}

/** `onChange` is called when members should look again. */
export const createGroup = (onChange: () => void): Group => {
  let version = 0;
  const members: Member[] = [];
  const owners = new Map<string, Member>();
  const changed = (): void => {
    version++;
    onChange();
  };
  const release = (member: Member, ids: Iterable<string>): void => {
    for (const id of ids) if (owners.get(id) === member) owners.delete(id);
    changed();
  };
  return {
    committed: new Map(),
    version: () => version,
    join: (member) => {
      members.push(member);
      changed();
    },
    leave: (member) => {
      const at = members.indexOf(member);
      if (at >= 0) members.splice(at, 1);
      release(member, [...owners.keys()]);
    },
    isMeant: (member, topic, partition) => {
      const readers = members.filter((other) => other.topics.includes(topic));
      return readers[partition % readers.length] === member;
    },
    claim: (member, id) => {
      const owner = owners.get(id);
      if (owner === undefined) owners.set(id, member);
      return owner === undefined || owner === member;
    },
    release,
  };
};
