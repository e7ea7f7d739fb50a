import { topicsOfProgram, WindowProgram } from '@groundswell/graph';
import type { Report, Running } from '@groundswell/process';
import type { Ports } from '@groundswell/stores';
import { sumOfSizes } from '../limits.ts';
import { createWindow, type Engine, type Part } from '../window.ts';
import { createFactStore, type Known } from './fact-store.ts';
import { advance, type Facts, first, isSettled, otherOf, type Revision, revisionsOf, roleOf, wish } from './facts.ts';
import { isCutOff } from './is-cut-off.ts';
import { belongingsOf, revisionName } from './revision.ts';
import type { Other } from './role.ts';
import { updateOf } from './update.ts';
import { createWarmth } from './warmth.ts';

/** So often a worker looks what others have decided, wall time in ms. */
const lookEveryMs = 1_000;
/** A pod that starts may be told what was true up to so long ago, wall time in ms. */
const staleMs = 90_000;

/**
 * A window with all of its revisions that are in this process: the one in force; one that warms up to take over; and the one
 * that was in force before. Which those are stands in the facts, which all workers share.
 */
export const openRevisions = async (initial: WindowProgram, ports: Ports): Promise<Running> => {
  const { clock, logger } = ports;
  const store = createFactStore(initial, ports);
  /** By suffix: one that comes again is another one. */
  const engines = new Map<string, Engine>();
  const warmth = createWarmth();
  /** What the resource says; `since` when it is so, or may be believed. */
  let wanted = { program: initial, since: clock.now(), isDone: false };
  let facts = first(initial);
  let lookedAt = -Infinity;
  /** Of the first look on. */
  let known: Known | undefined;
  /** Of the revisions of a turn, since the last look: what was said is seen then. */
  const told = new Set<string>();

  const log = (what: string, more: object): void => logger.info({ window: initial.window, ...more }, what);
  const isOwn = ({ name }: Revision): boolean => revisionName(wanted.program) === name;
  const programOf = (revision: Revision): WindowProgram => (isOwn(revision) ? wanted.program : revision.program);
  const others = (suffix: string) => () =>
    sumOfSizes([...engines].filter(([other]) => other !== suffix).map(([, engine]) => engine.size()));

  const partOf = (revision: Revision, among = facts): Part => {
    const isServing = revision.name === among.serving.name;
    const role = roleOf(among, revision);
    const sender = revisionsOf(among).find(({ program }) => sendsTo(program) === sendsTo(revision.program));
    // Beside one another, both tell: none of what is late or spoilt may fall between them.
    const tells = isServing || (role.beside && !warmth.isThrough(revision));
    const other = otherOf(among, revision);
    return { role, other: other && resultsOf(other), tells, sends: sender?.name === revision.name };
  };
  const resultsOf = (revision: Revision): Other => ({
    program: programOf(revision),
    prefix: belongingsOf(revision.program, revision.suffix).prefix,
  });
  const open = async (revision: Revision): Promise<Engine> => {
    const program = programOf(revision);
    const isEmpty = updateOf(program).warmFrom === 'Nothing' && revision.name !== facts.serving.name;
    return createWindow(program, ports, {
      producer: await ports.log.producer(),
      own: belongingsOf(program, revision.suffix),
      from: isEmpty ? 'end' : 'start',
      part: partOf(revision),
      ask: async () => partOf(revision, ports.alone === true ? facts : ((await store.read([])).facts ?? facts)),
      others: others(revision.suffix),
    });
  };
  const dismiss = async (suffix: string, engine: Engine): Promise<void> => {
    engines.delete(suffix);
    await store.forget(suffix, engine.partitions());
    await engine.forget();
    await engine.stop();
    log('revision is gone', { revision: suffix });
  };
  /** Makes this process what the facts say. */
  const conform = async (): Promise<void> => {
    const all = revisionsOf(facts);
    for (const [suffix, engine] of engines)
      if (!all.some((one) => one.suffix === suffix)) await dismiss(suffix, engine);
    // Whoever is in force no more stops first to write where the next one does.
    for (const revision of [...all].reverse()) {
      const engine = engines.get(revision.suffix);
      if (engine !== undefined) await engine.play(partOf(revision));
    }
    for (const revision of all) if (!engines.has(revision.suffix)) engines.set(revision.suffix, await open(revision));
    if (facts.serving.name === revisionName(wanted.program)) wanted.isDone = true;
  };
  const decide = async (next: Facts): Promise<void> => {
    const same = JSON.stringify({ ...next, turn: 0 }) === JSON.stringify({ ...facts, turn: 0 });
    if (same || !(await store.write(next))) return;
    if (next.serving.name !== facts.serving.name)
      log('another revision is in force', { revision: next.serving.name, before: facts.serving.name });
    if (next.failed !== undefined && next.failed !== facts.failed)
      logger.error({ window: initial.window, ...next.failed }, 'the new definition cannot take over');
    facts = next;
    warmth.follow(facts);
  };
  const wishNow = async (): Promise<void> => {
    const now = clock.now();
    if (wanted.isDone || now < wanted.since) return;
    if (facts.failed?.revision === wanted.program.revision) return;
    const isNew = !revisionsOf(facts).some(isOwn);
    const isCut = isNew && ports.alone !== true && (await isCutOff(wanted.program, ports));
    await decide(wish(facts, wanted.program, { now, isCut }));
  };
  const read = async (): Promise<void> => {
    known = await store.read(revisionsOf(facts));
    if (known.facts !== undefined) facts = known.facts;
    warmth.follow(facts);
  };
  /** Looks what is so, says what is due, and does it. */
  const look = async (): Promise<void> => {
    lookedAt = clock.now();
    told.clear();
    await read();
    await wishNow();
    await conform();
    if (isSettled(facts) || known === undefined) return;
    warmth.look(facts, known, engines);
    const next = advance(facts, warmth.seen(facts, { now: clock.now(), known, engines }));
    if (next === facts) return;
    await decide(next);
    await conform();
  };
  const isDue = (): boolean => {
    const passed = clock.now() - lookedAt;
    if (ports.alone === true) return !isSettled(facts);
    return passed >= lookEveryMs || passed < 0;
  };
  /** After a step, all results of the shards here are where they should be. */
  const tellDone = async (): Promise<void> => {
    if (isSettled(facts)) return;
    for (const revision of revisionsOf(facts)) {
      const engine = engines.get(revision.suffix);
      if (engine === undefined || !engine.part().role.beside) continue;
      const id = `${revision.suffix} ${revision.turn}`;
      if (told.has(id)) continue;
      told.add(id);
      const done = known?.doneOf(revision);
      await store.done(
        revision,
        engine.settled().filter((partition) => !done?.has(partition)),
      );
    }
  };
  const stepOther = async (revision: Revision, engine: Engine): Promise<number> => {
    try {
      const taken = await engine.step({ maxWaitMs: 0 });
      warmth.stepped(revision, taken);
      return taken;
    } catch (error) {
      // The one in force goes on, whatever becomes of another one.
      if (revision.name === facts.serving.name) throw error;
      warmth.fail(revision, error);
      return 0;
    }
  };
  const serving = (): Engine => {
    const engine = engines.get(facts.serving.suffix);
    if (engine === undefined) throw new Error(`Cannot go on with "${initial.window}": no revision is in force`);
    return engine;
  };

  await read();
  if (known?.facts === undefined) await store.write(facts);
  else if (ports.alone !== true && facts.kept?.name === revisionName(initial)) wanted.since += staleMs;
  await wishNow();
  await conform();

  let quiet = false;
  return {
    name: initial.name,
    step: async ({ maxWaitMs, ...rest }) => {
      if (isDue()) await look();
      const all = revisionsOf(facts).filter(({ name }) => name !== facts.serving.name);
      let taken = await serving().step({ maxWaitMs: all.length > 0 && !quiet ? 0 : maxWaitMs, ...rest });
      for (const revision of all) {
        const engine = engines.get(revision.suffix);
        if (engine !== undefined) taken += await stepOther(revision, engine);
      }
      await tellDone();
      quiet = taken === 0;
      return taken;
    },
    save: async () => {
      for (const engine of engines.values()) await engine.save();
    },
    stop: async () => {
      for (const engine of engines.values()) await engine.stop();
    },
    saveEveryMs: () => serving().saveEveryMs?.(),
    update: async (changed) => {
      const next = WindowProgram.parse(changed);
      if (topicsText(next) !== topicsText(wanted.program)) return false;
      const same = revisionsOf(facts).find(({ name }) => name === revisionName(next));
      const engine = same && engines.get(same.suffix);
      if (engine !== undefined && !(await engine.update(next))) return false;
      wanted = { program: next, since: clock.now(), isDone: false };
      await look();
      return true;
    },
    health: () => serving().health(),
    report: (): Report => {
      const redefinition = warmth.report(facts);
      return { ...serving().report(), ...(redefinition !== undefined && { redefinition }) };
    },
  };
};

const topicsText = (program: WindowProgram): string => JSON.stringify(topicsOfProgram(program));

/** The topic to which events are sent on by key; what is not sent on differs from everything. */
const sendsTo = ({ rekey, revision }: WindowProgram): string => rekey?.topic.name ?? revision;
