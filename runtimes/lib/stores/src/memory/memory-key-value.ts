import type { Clock } from '@groundswell/process';
import type { CommandsChange, OnChange } from '../change.ts';
import { CommandBatch, type Queued } from '../commands/batch.ts';
import type { ReadCommand, RowCommand, WriteCommand } from '../commands/command.ts';
import type { Around } from '../commands/enduring.ts';
import { plainCommandsOf } from '../commands/row.ts';
import { type Fence, FencedError, type KeyValue } from '../key-value.ts';
import { createFences } from './fences.ts';
import { createKeyspace } from './keyspace.ts';

export interface MemoryKeyValueOptions {
  /** Keys expire by it. */
  readonly clock: Clock;
  readonly onChange?: OnChange<CommandsChange>;
  readonly around?: Around;
}

/** A store whose content can be told as changes, and rebuilt from them. */
export interface MemoryKeyValue extends KeyValue {
  restore(change: CommandsChange): void;
  snapshot(): Iterable<CommandsChange>;
}

const reads: ReadonlySet<string> = new Set<ReadCommand['kind']>([
  'hashGet',
  'hashValues',
  'hashGetAll',
  'sortedRange',
  'sortedCount',
  'listRange',
  'counterGet',
]);

const plainOf = (command: WriteCommand | RowCommand): readonly WriteCommand[] =>
  command.kind === 'hashRow' ? plainCommandsOf(command) : [command];

/** A key-value store in the memory of this process, with the semantics of Redis. */
export const createMemoryKeyValue = ({
  clock,
  onChange,
  around = (plain) => plain,
}: MemoryKeyValueOptions): MemoryKeyValue => {
  let written: WriteCommand[] = [];
  const keyspace = createKeyspace(onChange === undefined ? undefined : (key) => written.push({ kind: 'delete', key }));
  const tell = (at: number): void => {
    if (written.length === 0) return;
    const commands = written;
    written = [];
    onChange?.({ kind: 'commands', at, commands });
  };

  const fences = createFences();
  const check = (fence: Fence | undefined, key: string, now: number): void => {
    if (fence !== undefined && !fences.admits(fence, key, now)) throw new FencedError(fence, key);
  };

  const runAll = async (queued: readonly Queued[], fence?: Fence): Promise<void> => {
    const now = clock.now();
    let failed: unknown;
    for (const { command, reply } of queued) {
      try {
        check(fence, command.key, now);
        const value = keyspace.run(command, now);
        reply?.answer(value);
        if (onChange !== undefined && !reads.has(command.kind))
          written.push(...plainOf(command as WriteCommand | RowCommand));
      } catch (error) {
        reply?.fail();
        if (failed === undefined || failed instanceof FencedError) failed = error;
      }
    }
    if (onChange !== undefined) tell(now);
    if (failed !== undefined) throw failed;
  };

  return {
    batch: (fence) =>
      new CommandBatch(
        around((queued) => runAll(queued, fence)),
        fence,
      ),
    close: async () => undefined,
    restore: ({ at, commands }) => {
      for (const command of commands) keyspace.restore(command, at);
    },
    snapshot: function* () {
      const at = clock.now();
      for (const command of keyspace.snapshot(at)) yield { kind: 'commands', at, commands: [command] };
    },
  };
};
