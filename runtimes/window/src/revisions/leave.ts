import type { WindowProgram } from '@groundswell/graph';
import type { Ports } from '@groundswell/stores';
import type { Upsert } from '@groundswell/windowing';
import { createSinks } from '../sinks/create-sinks.ts';
import type { Writes } from '../sinks/sink.ts';
import { compileTemplate } from '../sinks/template.ts';
import { isWrittenBy, markOf, type Other } from './role.ts';

/** Takes results away that nobody else tells. */
export type Leave = (upserts: readonly Upsert[], to: Writes) => Promise<void>;

/**
 * How a revision leaves the keys that the resource says to the one in force now: what that one does not write to at all goes, and
 * what is there of keys that it has no results of.
 */
export const createLeave = (program: WindowProgram, next: Other, { keyValue, clock }: Ports): Leave => {
  const sinksOf = (isShared: boolean) =>
    createSinks(
      { ...program, sinks: program.sinks.filter((sink) => isWrittenBy(next.program, sink) === isShared) },
      clock,
    );
  const [shared, own] = [sinksOf(true), sinksOf(false)];
  const mark = markOf(next);
  const isSameKey = JSON.stringify(program.key) === JSON.stringify(next.program.key);
  const template = isSameKey ? compileTemplate(mark.key, mark.keyNames) : undefined;
  const areTold = async (upserts: readonly Upsert[]): Promise<readonly boolean[]> => {
    if (template === undefined || upserts.length === 0) return upserts.map(() => false);
    const batch = keyValue.batch();
    const found = upserts.map((upsert) => batch.hashGet(template.fill(upsert), [mark.field]));
    await batch.run();
    return found.map((reply) => reply.value()[0] !== undefined);
  };
  return async (upserts, to) => {
    const told = await areTold(upserts);
    const gone = upserts.map((upsert): Upsert => ({ ...upsert, values: null, newest: true }));
    for (const sink of own) sink.write(gone, to);
    const untold = gone.filter((_, i) => told[i] === false);
    for (const sink of shared) sink.write(untold, to);
  };
};
