import type { WindowProgram } from '@groundswell/graph';
import { FencedError, type Ports } from '@groundswell/stores';
import { decodeJson, encodeJson, keysOf, placeText } from '@groundswell/wire';
import { fenceOf } from '../claim.ts';
import type { Facts, Revision } from './facts.ts';
import { belongingsOf } from './revision.ts';

/** What all workers know together. */
export interface Known {
  readonly facts: Facts | undefined;
  /** Revision → the shards of which all results are where they should be. */
  doneOf(revision: Revision): ReadonlySet<number>;
  /** Shard → how far it is; empty for a revision that was not asked for. */
  watermarksOf(revision: Revision): Readonly<Record<string, string>>;
}

/** Where facts about the revisions of a window are kept: beside its results, and in the log for a store that forgot them. */
export interface FactStore {
  /** @param revisions of which the watermarks are read at the same time */
  read(revisions: readonly Revision[]): Promise<Known>;
  /** Answers false where somebody else was quicker: look again. */
  write(facts: Facts): Promise<boolean>;
  /** These shards of the revision are done. */
  done(revision: Revision, shards: readonly number[]): Promise<void>;
  /** What was said of the shards of the revision with this suffix. */
  forget(suffix: string, shards: readonly number[]): Promise<void>;
}

const fieldOf = (suffix: string, shard: number | ''): string => `done:${suffix}:${shard}`;

export const createFactStore = (program: WindowProgram, ports: Ports): FactStore => {
  const { keyValue, checkpoints } = ports;
  const key = keysOf(program.pipeline).revisions(program.window);
  const saved = `revisions/${program.name}`;
  const queueWrite = async (facts: Facts, turn: number): Promise<void> => {
    const { scope } = fenceOf(program, 0);
    const batch = keyValue.batch(ports.alone === true ? undefined : { scope: `${scope}:revisions`, epoch: turn });
    const place = placeText(facts.serving.suffix, facts.place);
    batch.hashSet(key, { place, facts: JSON.stringify(facts) });
    await batch.run();
  };
  const recall = async (): Promise<Facts | undefined> => {
    const bytes = await checkpoints.load(saved);
    // Written below, and by nobody else.
    const facts = bytes === undefined ? undefined : (decodeJson(bytes) as Facts);
    if (facts !== undefined) await queueWrite(facts, facts.turn);
    return facts;
  };
  return {
    read: async (revisions) => {
      const batch = keyValue.batch();
      const told = batch.hashGetAll(key);
      const watermarks = new Map(
        revisions.map(({ suffix }) => [suffix, batch.hashGetAll(belongingsOf(program, suffix).watermarks)]),
      );
      await batch.run();
      const { facts: text, ...fields } = told.value();
      return {
        facts: text === undefined ? await recall() : (JSON.parse(text) as Facts),
        doneOf: (revision) => {
          const prefix = fieldOf(revision.suffix, '');
          const isDone = ([name, turn]: [string, string]) => name.startsWith(prefix) && Number(turn) >= revision.turn;
          return new Set(
            Object.entries(fields)
              .filter(isDone)
              .map(([name]) => Number(name.slice(prefix.length))),
          );
        },
        watermarksOf: ({ suffix }) => watermarks.get(suffix)?.value() ?? {},
      };
    },
    write: async (facts) => {
      try {
        await queueWrite(facts, facts.turn);
      } catch (error) {
        if (error instanceof FencedError) return false;
        throw error;
      }
      await checkpoints.save(saved, encodeJson(facts));
      return true;
    },
    done: async (revision, shards) => {
      if (shards.length === 0) return;
      const batch = keyValue.batch();
      batch.hashSet(
        key,
        Object.fromEntries(shards.map((shard) => [fieldOf(revision.suffix, shard), String(revision.turn)])),
      );
      await batch.run();
    },
    forget: async (suffix, shards) => {
      if (shards.length === 0) return;
      const batch = keyValue.batch();
      batch.hashDelete(
        key,
        shards.map((shard) => fieldOf(suffix, shard)),
      );
      await batch.run();
    },
  };
};
