import { type Command, CommandError, type RowCommand, type WriteCommand, wrongKind } from '../commands/command.ts';
import { type FanPage, fanLimitOf } from '../key-value.ts';
import { fanPageOf, sortedPageOf } from './fan-page.ts';
import { Hash } from './hash.ts';
import { createSortedSet, type SortedSet, sliceOf } from './sorted-set.ts';

type Value = (
  | Hash
  | { readonly kind: 'sorted set'; readonly set: SortedSet }
  | { readonly kind: 'list'; items: string[] }
  | { readonly kind: 'counter'; count: number }
) & {
  /** Wall time, ms, from which on the key is gone; never for most. */
  deadline: number;
};
type Kind = Value['kind'];
type Of<K extends Kind> = Extract<Value, { kind: K }>;

export interface Keyspace {
  /** Runs one command at wall time `now`, as Redis would. @throws CommandError */
  run(command: Command, now: number): unknown;
  /** Runs a command that was told before. Nothing expires: that was told as well. */
  restore(command: WriteCommand, at: number): void;
  /** Commands that make an equal keyspace of an empty one; times to live count from `now`. */
  snapshot(now: number): Iterable<WriteCommand>;
}

const never = Number.POSITIVE_INFINITY;

const empty: Readonly<Record<Kind, () => Value>> = {
  hash: () => new Hash(),
  'sorted set': () => ({ kind: 'sorted set', set: createSortedSet(), deadline: never }),
  list: () => ({ kind: 'list', items: [], deadline: never }),
  counter: () => ({ kind: 'counter', count: 0, deadline: never }),
};

/** `onExpired` hears of each key that went because its time was over. */
export const createKeyspace = (onExpired?: (key: string) => void): Keyspace => {
  const values = new Map<string, Value>();
  let sweep = values.entries();
  /** What is over by then is gone. */
  let now = Number.NEGATIVE_INFINITY;

  /** Whoever remembers the value sees by its deadline that it is no more. */
  const remove = (key: string): void => {
    const value = values.get(key);
    if (value !== undefined) value.deadline = Number.NEGATIVE_INFINITY;
    values.delete(key);
  };
  const end = (key: string): void => {
    remove(key);
    onExpired?.(key);
  };
  /** Looks at the next key, asked for or not. */
  const sweepOne = (): void => {
    const next = sweep.next();
    if (next.done === true) sweep = values.entries();
    else if (next.value[1].deadline <= now) end(next.value[0]);
  };
  const alive = (key: string): Value | undefined => {
    const value = values.get(key);
    if (value === undefined || value.deadline > now) return value;
    end(key);
    return undefined;
  };
  const find = <K extends Kind>(command: Command, kind: K): Of<K> | undefined => {
    const value = alive(command.key);
    if (value === undefined || value.kind === kind) return value as Of<K> | undefined;
    throw new CommandError(command, wrongKind);
  };
  const findOrMake = <K extends Kind>(command: Command, kind: K): Of<K> => {
    const found = find(command, kind);
    if (found !== undefined) return found;
    const made = empty[kind]() as Of<K>;
    values.set(command.key, made);
    return made;
  };
  const count = (command: Extract<Command, { kind: 'counterAdd' }>): number => {
    const counter = findOrMake(command, 'counter');
    const sum = counter.count + command.by;
    if (!Number.isSafeInteger(counter.count)) throw new CommandError(command, 'the number is not whole');
    if (!Number.isSafeInteger(sum))
      throw new CommandError(command, 'the counter would leave the range of exact numbers');
    counter.count = sum;
    return sum;
  };
  const changeSet = (command: Command, change: (set: SortedSet) => void): void => {
    const set = find(command, 'sorted set')?.set;
    if (set === undefined) return;
    change(set);
    if (set.size === 0) remove(command.key);
  };
  /** Found by what the writer keeps for it, which costs no look into a large map. */
  const hashOfRow = (command: RowCommand): Hash => {
    const { memo } = command.row;
    const known = memo?.found as Hash | undefined;
    if (known !== undefined && known.deadline > now) return known;
    const hash = findOrMake(command, 'hash');
    if (memo !== undefined) memo.found = hash;
    return hash;
  };
  const deleteFields = (command: Extract<Command, { kind: 'hashDelete' }>): void => {
    const hash = find(command, 'hash');
    if (hash === undefined) return;
    hash.delete(command.fields);
    if (hash.isEmpty()) remove(command.key);
  };
  const expire = ({ key, afterMs }: Extract<Command, { kind: 'expire' }>, at: number): void => {
    const value = alive(key);
    if (value === undefined) return;
    if (afterMs <= 0) {
      remove(key);
      return;
    }
    const isFirst = value.deadline === never;
    value.deadline = at + afterMs;
    if (!isFirst) return;
    // Twice as fast as keys come, so that at most about half of those held are over. Looking with each command as well
    // is dearer (docs/performance/path.md).
    sweepOne();
    sweepOne();
  };

  const fan = (command: Extract<Command, { kind: 'listFan' }>): FanPage | undefined => {
    const { key, members, listPrefix, value, keep } = command;
    const page = fanPageOf(command, find(command, 'hash'), setOf(members));
    if (page === undefined) return undefined;
    let pushed = 0;
    for (const { member } of page.members) {
      const list = find({ kind: 'listRange', key: listPrefix + member, start: 0, stop: 0 }, 'list');
      if (list === undefined) continue;
      list.items.unshift(value);
      if (list.items.length > fanLimitOf(keep)) list.items.length = keep;
      pushed++;
    }
    const { cursor } = page;
    findOrMake({ kind: 'hashGetAll', key }, 'hash').set({ [command.cursor.field]: cursor });
    return { cursor, members: page.members.length, pushed };
  };

  const setOf = (key: string) => find({ kind: 'sortedCount', key }, 'sorted set')?.set;
  const sortedFan = (command: Extract<Command, { kind: 'sortedFan' }>): FanPage | undefined => {
    const { members, setPrefix, member, score } = command;
    const page = sortedPageOf(command, find(command, 'hash'), setOf(members));
    if (page === undefined) return undefined;
    let pushed = 0;
    for (const { member: of } of page.members) {
      const set = setOf(setPrefix + of);
      if (set === undefined) continue;
      pushed++;
      if (score === undefined) set.remove(member);
      else set.add(member, score);
      if (set.size === 0) remove(setPrefix + of);
    }
    return { cursor: page.cursor, members: page.members.length, pushed };
  };
  const fill = ({ key, marked, members }: Extract<Command, { kind: 'sortedFill' }>): void => {
    const set = setOf(key);
    if (set?.has(marked)) for (const { member, score } of members) if (!set.has(member)) set.add(member, score);
  };

  const apply = (command: Command, at: number): unknown => {
    switch (command.kind) {
      case 'hashSet':
        return findOrMake(command, 'hash').set(command.fields);
      case 'hashRow': {
        const hash = hashOfRow(command);
        hash.setRow(command.row);
        if (hash.isEmpty()) remove(command.key);
        return;
      }
      case 'hashDelete':
        return deleteFields(command);
      case 'hashGet': {
        const hash = find(command, 'hash');
        return command.fields.map((field) => hash?.get(field));
      }
      case 'hashValues': {
        const hash = find(command, 'hash');
        return command.fields.map((field) => hash?.value(field));
      }
      case 'hashGetAll':
        return Object.fromEntries(find(command, 'hash')?.entries() ?? []);
      case 'sortedAdd': {
        const { set } = findOrMake(command, 'sorted set');
        for (const { member, score } of command.members) set.add(member, score);
        return;
      }
      case 'sortedIncrement':
        return findOrMake(command, 'sorted set').set.increment(command.member, command.by);
      case 'sortedRemove':
        return changeSet(command, (set) => command.members.forEach(set.remove));
      case 'sortedRemoveByScore':
        return changeSet(command, (set) => set.removeByScore(command.min, command.max));
      case 'sortedRemoveByRank':
        return changeSet(command, (set) => set.removeByRank(command.start, command.stop));
      case 'sortedRange':
        return find(command, 'sorted set')?.set.range(command.start, command.stop, command.reverse) ?? [];
      case 'sortedCount':
        return find(command, 'sorted set')?.set.size ?? 0;
      case 'sortedFill':
        return fill(command);
      case 'sortedFan':
        return sortedFan(command);
      case 'listPush': {
        const list = findOrMake(command, 'list');
        list.items = [...command.values.toReversed(), ...list.items].slice(0, command.keep);
        return;
      }
      case 'listRemove': {
        const list = find(command, 'list');
        if (list === undefined) return;
        list.items = list.items.filter((item) => !command.values.includes(item));
        if (list.items.length === 0) remove(command.key);
        return;
      }
      case 'listFan':
        return fan(command);
      case 'listRange': {
        const items = find(command, 'list')?.items ?? [];
        return items.slice(...sliceOf(command.start, command.stop, items.length));
      }
      case 'counterAdd':
        return count(command);
      case 'counterSet':
        findOrMake(command, 'counter').count = command.value;
        return;
      case 'counterGet':
        return find(command, 'counter')?.count;
      case 'delete':
        remove(command.key);
        return;
      case 'expire':
        return expire(command, at);
    }
  };

  return {
    run: (command, at) => {
      if (at !== now) {
        now = at;
        sweepOne();
      }
      return apply(command, at);
    },
    restore: (command, at) => {
      now = Number.NEGATIVE_INFINITY;
      apply(command, at);
    },
    snapshot: function* (at) {
      for (const [key, value] of values) {
        const { deadline } = value;
        if (deadline <= at) continue;
        yield asCommand(key, value);
        if (deadline !== never) yield { kind: 'expire', key, afterMs: deadline - at };
      }
    },
  };
};

const asCommand = (key: string, value: Value): WriteCommand => {
  switch (value.kind) {
    case 'hash':
      return { kind: 'hashSet', key, fields: Object.fromEntries(value.entries()) };
    case 'sorted set':
      return { kind: 'sortedAdd', key, members: value.set.range(0, -1, false) };
    case 'list':
      return { kind: 'listPush', key, values: value.items.toReversed(), keep: Math.max(1, value.items.length) };
    case 'counter':
      return { kind: 'counterSet', key, value: value.count };
  }
};
