import type { Consumer as KafkaConsumer } from 'kafkajs';
import type { Position } from '../log.ts';
import { kafkaErrorType } from './client.ts';
import type { Membership } from './membership.ts';
import type { Wakeup } from './wakeup.ts';

/** The group is changing, or has changed without us: what was committed for is perhaps no longer ours. */
const isOfGroupChange = (error: unknown): boolean =>
  ['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION', 'UNKNOWN_MEMBER_ID'].includes(kafkaErrorType(error) ?? '');

/** A join takes a heartbeat of each member; a member that does not answer is left out after a minute. */
const patienceMs = 90_000;

export interface CommitOptions {
  readonly client: KafkaConsumer;
  readonly membership: Membership;
  /** Woken when the group was joined. */
  readonly changed: Wakeup;
  readonly failure: () => Error | undefined;
}

/** Commits for partitions that are still the program's; those that another member got meanwhile are left to that one. */
export const createCommit =
  ({ client, membership, changed, failure }: CommitOptions) =>
  async (positions: readonly Position[]): Promise<void> => {
    const deadline = performance.now() + patienceMs;
    for (;;) {
      const ours = positions.filter((position) => membership.isKept(position));
      if (ours.length === 0) return;
      try {
        return await client.commitOffsets(ours.map((position) => ({ ...position, offset: String(position.offset) })));
      } catch (cause) {
        const isOver = failure() !== undefined || performance.now() > deadline;
        if (isOver || !isOfGroupChange(cause)) {
          throw new Error(`Cannot commit offsets: ${(cause as Error).message}`, { cause });
        }
      }
      await changed.wait(250);
    }
  };
