import { type Command, CommandError, type WriteCommand, wrongKind } from '../commands/command.ts';
import { createSortedSet, type SortedSet, sliceOf } from './sorted-set.ts';

type Value =
  | { readonly kind: 'hash'; readonly fields: Map<string, string> }
  | { readonly kind: 'sorted set'; readonly set: SortedSet }
  | { readonly kind: 'list'; items: string[] }
  | { readonly kind: 'counter'; count: number };
type Kind = Value['kind'];

export interface Keyspace {
  /** Runs one command at wall time `now`, as Redis would. @throws CommandError */
  run(command: Command, now: number): unknown;
  /** Runs a command that was told before. Nothing expires: that was told as well. */
  restore(command: WriteCommand, at: number): void;
  /** Commands that make an equal keyspace of an empty one; times to live count from `now`. */
  snapshot(now: number): Iterable<WriteCommand>;
}

const empty: Readonly<Record<Kind, () => Value>> = {
  hash: () => ({ kind: 'hash', fields: new Map() }),
  'sorted set': () => ({ kind: 'sorted set', set: createSortedSet() }),
  list: () => ({ kind: 'list', items: [] }),
  counter: () => ({ kind: 'counter', count: 0 }),
};

/** `onExpired` hears of each key that went because its time was over. */
export const createKeyspace = (onExpired?: (key: string) => void): Keyspace => {
  const values = new Map<string, Value>();
  const deadlines = new Map<string, number>();
  let sweep = deadlines.entries();

  const remove = (key: string): void => {
    values.delete(key);
    if (deadlines.size > 0) deadlines.delete(key);
  };
  const expireIfOver = (key: string, deadline: number | undefined, now: number): void => {
    if (deadline === undefined || deadline > now) return;
    remove(key);
    onExpired?.(key);
  };
  /** Looks at one key with each command, so that keys nobody asks for go as well. */
  const sweepOne = (now: number): void => {
    const next = sweep.next();
    if (next.done === true) sweep = deadlines.entries();
    else expireIfOver(next.value[0], next.value[1], now);
  };
  const find = <K extends Kind>(command: Command, kind: K): Extract<Value, { kind: K }> | undefined => {
    const value = values.get(command.key);
    if (value === undefined || value.kind === kind) return value as Extract<Value, { kind: K }> | undefined;
    throw new CommandError(command, wrongKind);
  };
  const findOrMake = <K extends Kind>(command: Command, kind: K): Extract<Value, { kind: K }> => {
    const found = find(command, kind);
    if (found !== undefined) return found;
    const made = empty[kind]() as Extract<Value, { kind: K }>;
    values.set(command.key, made);
    return made;
  };
  const count = (command: Extract<Command, { kind: 'counterAdd' }>): number => {
    const counter = findOrMake(command, 'counter');
    const sum = counter.count + command.by;
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
  const deleteFields = (command: Extract<Command, { kind: 'hashDelete' }>): void => {
    const fields = find(command, 'hash')?.fields;
    if (fields === undefined) return;
    for (const field of command.fields) fields.delete(field);
    if (fields.size === 0) remove(command.key);
  };
  const expire = ({ key, afterMs }: Extract<Command, { kind: 'expire' }>, now: number): void => {
    if (!values.has(key)) return;
    if (afterMs <= 0) remove(key);
    else deadlines.set(key, now + afterMs);
  };

  const apply = (command: Command, now: number): unknown => {
    switch (command.kind) {
      case 'hashSet': {
        const { fields } = findOrMake(command, 'hash');
        for (const name in command.fields) fields.set(name, command.fields[name] as string);
        return;
      }
      case 'hashDelete':
        return deleteFields(command);
      case 'hashGet': {
        const fields = find(command, 'hash')?.fields;
        return command.fields.map((field) => fields?.get(field));
      }
      case 'hashGetAll':
        return Object.fromEntries(find(command, 'hash')?.fields ?? []);
      case 'sortedAdd': {
        const { set } = findOrMake(command, 'sorted set');
        for (const { member, score } of command.members) set.add(member, score);
        return;
      }
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
      case 'listPush': {
        const list = findOrMake(command, 'list');
        list.items = [...command.values.toReversed(), ...list.items].slice(0, command.keep);
        return;
      }
      case 'listRange': {
        const items = find(command, 'list')?.items ?? [];
        return items.slice(...sliceOf(command.start, command.stop, items.length));
      }
      case 'counterAdd':
        return count(command);
      case 'delete':
        return remove(command.key);
      case 'expire':
        return expire(command, now);
    }
  };

  return {
    run: (command, now) => {
      if (deadlines.size > 0) {
        expireIfOver(command.key, deadlines.get(command.key), now);
        sweepOne(now);
      }
      return apply(command, now);
    },
    restore: (command, at) => void apply(command, at),
    snapshot: function* (now) {
      for (const [key, value] of values) {
        const deadline = deadlines.get(key);
        if (deadline !== undefined && deadline <= now) continue;
        yield asCommand(key, value);
        if (deadline !== undefined) yield { kind: 'expire', key, afterMs: deadline - now };
      }
    },
  };
};

const asCommand = (key: string, value: Value): WriteCommand => {
  switch (value.kind) {
    case 'hash':
      return { kind: 'hashSet', key, fields: Object.fromEntries(value.fields) };
    case 'sorted set':
      return { kind: 'sortedAdd', key, members: value.set.range(0, -1, false) };
    case 'list':
      return { kind: 'listPush', key, values: value.items.toReversed(), keep: Math.max(1, value.items.length) };
    case 'counter':
      return { kind: 'counterAdd', key, by: value.count };
  }
};
