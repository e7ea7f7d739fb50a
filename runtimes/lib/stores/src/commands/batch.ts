import type {
  FanPage,
  Fence,
  HashRow,
  KeyValueBatch,
  ListFan,
  Reply,
  RowValue,
  ScoredMember,
  SortedFan,
} from '../key-value.ts';
import { type Command, CommandError } from './command.ts';

/** The answer to a queued command; whoever runs the batch settles it. */
class PendingReply<T> implements Reply<T> {
  #state: 'pending' | 'answered' | 'failed' = 'pending';
  #value: T | undefined;
  readonly #command: Command;

  constructor(command: Command) {
    this.#command = command;
  }

  answer(value: T): void {
    this.#state = 'answered';
    this.#value = value;
  }

  fail(): void {
    this.#state = 'failed';
  }

  value(): T {
    if (this.#state === 'answered') return this.#value as T;
    const reason = this.#state === 'failed' ? 'the command failed' : 'the batch has not run yet, await run() first';
    throw new Error(`Cannot read the reply to ${this.#command.kind} on "${this.#command.key}": ${reason}`);
  }
}

export interface Queued {
  readonly command: Command;
  /** Absent for commands that nobody waits for. */
  readonly reply: PendingReply<unknown> | undefined;
}

/** Runs all commands, in order for each key, and settles the replies. @throws CommandError of the first that failed */
export type RunCommands = (queued: readonly Queued[]) => Promise<void>;

/** Queues commands for an adapter. Arguments that no store can take are refused here, so that all adapters agree. */
export class CommandBatch implements KeyValueBatch {
  readonly #run: RunCommands;
  readonly #fence: Fence | undefined;
  #queued: Queued[] | undefined = [];

  constructor(run: RunCommands, fence?: Fence) {
    this.#run = run;
    this.#fence = fence;
  }

  #push(command: Command): void {
    this.#open('add to').push({ command, reply: undefined });
  }

  #ask<T>(command: Command): Reply<T> {
    if (this.#fence !== undefined && command.kind !== 'counterAdd')
      throw new CommandError(command, 'the batch has a fence, it only writes');
    const reply = new PendingReply<T>(command);
    this.#open('add to').push({ command, reply: reply as PendingReply<unknown> });
    return reply;
  }

  #open(verb: string): Queued[] {
    if (this.#queued === undefined) throw new Error(`Cannot ${verb} a batch: it has run already, make a new one`);
    return this.#queued;
  }

  hashSet(key: string, fields: Readonly<Record<string, string>>): void {
    if (Object.keys(fields).length > 0) this.#push({ kind: 'hashSet', key, fields });
  }

  hashRow(key: string, row: HashRow): void {
    this.#push({ kind: 'hashRow', key, row });
  }

  hashDelete(key: string, fields: readonly string[]): void {
    if (fields.length > 0) this.#push({ kind: 'hashDelete', key, fields });
  }

  hashGet(key: string, fields: readonly string[]): Reply<readonly (string | undefined)[]> {
    return this.#ask({ kind: 'hashGet', key, fields });
  }

  hashValues(key: string, fields: readonly string[]): Reply<readonly (RowValue | undefined)[]> {
    return this.#ask({ kind: 'hashValues', key, fields });
  }

  hashGetAll(key: string): Reply<Readonly<Record<string, string>>> {
    return this.#ask({ kind: 'hashGetAll', key });
  }

  sortedAdd(key: string, members: readonly ScoredMember[]): void {
    for (const { score } of members) {
      if (Number.isNaN(score)) throw new CommandError({ kind: 'sortedAdd', key }, 'a score is NaN, a number is needed');
    }
    if (members.length > 0) this.#push({ kind: 'sortedAdd', key, members });
  }

  sortedIncrement(key: string, member: string, by: number): void {
    if (!Number.isFinite(by))
      throw new CommandError({ kind: 'sortedIncrement', key }, `the step is ${by}, a finite number is needed`);
    this.#push({ kind: 'sortedIncrement', key, member, by });
  }

  sortedRemove(key: string, members: readonly string[]): void {
    if (members.length > 0) this.#push({ kind: 'sortedRemove', key, members });
  }

  sortedRemoveByScore(key: string, min: number, max: number): void {
    if (Number.isNaN(min) || Number.isNaN(max)) {
      throw new CommandError({ kind: 'sortedRemoveByScore', key }, 'a bound is NaN, a number is needed');
    }
    this.#push({ kind: 'sortedRemoveByScore', key, min, max });
  }

  sortedRemoveByRank(key: string, start: number, stop: number): void {
    this.#push({ kind: 'sortedRemoveByRank', key, start, stop });
  }

  sortedRange(
    key: string,
    start: number,
    stop: number,
    { reverse = false }: { readonly reverse?: boolean } = {},
  ): Reply<readonly ScoredMember[]> {
    return this.#ask({ kind: 'sortedRange', key, start, stop, reverse });
  }

  sortedCount(key: string): Reply<number> {
    return this.#ask({ kind: 'sortedCount', key });
  }

  sortedFill(key: string, marked: string, members: readonly ScoredMember[]): void {
    for (const { score } of members) {
      if (!Number.isFinite(score))
        throw new CommandError({ kind: 'sortedFill', key }, `a score is ${score}, a finite number is needed`);
    }
    if (members.length > 0) this.#push({ kind: 'sortedFill', key, marked, members });
  }

  sortedFan(fan: SortedFan): Reply<FanPage | undefined> {
    if (fan.score !== undefined && !Number.isFinite(fan.score))
      throw new CommandError(
        { kind: 'sortedFan', key: fan.key },
        `the score is ${fan.score}, a finite number is needed`,
      );
    return this.#ask({ kind: 'sortedFan', ...fan });
  }

  listPush(key: string, values: readonly string[], keep: number): void {
    if (!Number.isInteger(keep) || keep < 1) {
      throw new CommandError({ kind: 'listPush', key }, `keep is ${keep}, a whole number from 1 on is needed`);
    }
    if (values.length > 0) this.#push({ kind: 'listPush', key, values, keep });
  }

  listRemove(key: string, values: readonly string[]): void {
    if (values.length > 0) this.#push({ kind: 'listRemove', key, values });
  }

  listFan(fan: ListFan): Reply<FanPage | undefined> {
    return this.#ask({ kind: 'listFan', ...fan });
  }

  listRange(key: string, start: number, stop: number): Reply<readonly string[]> {
    return this.#ask({ kind: 'listRange', key, start, stop });
  }

  counterAdd(key: string, by: number): Reply<number> {
    if (!Number.isSafeInteger(by)) {
      throw new CommandError({ kind: 'counterAdd', key }, `the step is ${by}, a whole number is needed`);
    }
    return this.#ask({ kind: 'counterAdd', key, by });
  }

  counterSet(key: string, value: number): void {
    if (!Number.isFinite(value)) {
      throw new CommandError({ kind: 'counterSet', key }, `the value is ${value}, a finite number is needed`);
    }
    this.#push({ kind: 'counterSet', key, value });
  }

  counterGet(key: string): Reply<number | undefined> {
    return this.#ask({ kind: 'counterGet', key });
  }

  delete(key: string): void {
    this.#push({ kind: 'delete', key });
  }

  expire(key: string, afterMs: number): void {
    if (!Number.isFinite(afterMs)) {
      throw new CommandError({ kind: 'expire', key }, `the time is ${afterMs} ms, a finite number is needed`);
    }
    this.#push({ kind: 'expire', key, afterMs: Math.ceil(afterMs) });
  }

  run(): Promise<void> {
    const queued = this.#open('run');
    this.#queued = undefined;
    return queued.length === 0 ? Promise.resolve() : this.#run(queued);
  }
}
