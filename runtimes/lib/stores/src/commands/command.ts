import type { HashRow, ListFan, ScoredMember, SortedFan } from '../key-value.ts';

/** One command of the key-value port, as data: adapters run it, the journal writes it down. */
export type Command = ReadCommand | WriteCommand | RowCommand;

export type ReadCommand =
  | { readonly kind: 'hashGet' | 'hashValues'; readonly key: string; readonly fields: readonly string[] }
  | { readonly kind: 'hashGetAll'; readonly key: string }
  | {
      readonly kind: 'sortedRange';
      readonly key: string;
      readonly start: number;
      readonly stop: number;
      readonly reverse: boolean;
    }
  | { readonly kind: 'sortedCount'; readonly key: string }
  | { readonly kind: 'listRange'; readonly key: string; readonly start: number; readonly stop: number }
  | { readonly kind: 'counterGet'; readonly key: string };

export type WriteCommand =
  | { readonly kind: 'hashSet'; readonly key: string; readonly fields: Readonly<Record<string, string>> }
  | { readonly kind: 'hashDelete'; readonly key: string; readonly fields: readonly string[] }
  | { readonly kind: 'sortedAdd'; readonly key: string; readonly members: readonly ScoredMember[] }
  | { readonly kind: 'sortedIncrement'; readonly key: string; readonly member: string; readonly by: number }
  | { readonly kind: 'sortedRemove'; readonly key: string; readonly members: readonly string[] }
  | { readonly kind: 'sortedRemoveByScore'; readonly key: string; readonly min: number; readonly max: number }
  | { readonly kind: 'sortedRemoveByRank'; readonly key: string; readonly start: number; readonly stop: number }
  | { readonly kind: 'listPush'; readonly key: string; readonly values: readonly string[]; readonly keep: number }
  | { readonly kind: 'listRemove'; readonly key: string; readonly values: readonly string[] }
  | {
      readonly kind: 'sortedFill';
      readonly key: string;
      readonly marked: string;
      readonly members: readonly ScoredMember[];
    }
  | ({ readonly kind: 'sortedFan' } & SortedFan)
  | ({ readonly kind: 'listFan' } & ListFan)
  | { readonly kind: 'counterAdd'; readonly key: string; readonly by: number }
  | { readonly kind: 'counterSet'; readonly key: string; readonly value: number }
  | { readonly kind: 'delete'; readonly key: string }
  | { readonly kind: 'expire'; readonly key: string; readonly afterMs: number };

/** For whoever can do more with rows than with the plain commands that they stand for (row.ts). */
export interface RowCommand {
  readonly kind: 'hashRow';
  readonly key: string;
  readonly row: HashRow;
}

/** Names the command and its key, never a value. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
  constructor(command: Pick<Command, 'kind' | 'key'>, reason: string, options?: ErrorOptions) {
    super(`Cannot run ${command.kind} on "${command.key}": ${reason}`, options);
  }
}

/** As in Redis, a key keeps to the kind of value that it was made with until it is deleted. */
export const wrongKind = 'the key holds another kind of value (WRONGTYPE), delete it first';
