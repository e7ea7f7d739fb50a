import { keyName, type WindowProgram } from '@groundswell/graph';
import type { Clock } from '@groundswell/process';
import { createSinks } from '../sinks/create-sinks.ts';
import type { Sink } from '../sinks/sink.ts';
import { compileTemplate, namesWindow } from '../sinks/template.ts';
import { updateOf } from './update.ts';

/** What becomes of the results of a revision. */
export interface Role {
  /** It is in force: they go where the resource says. */
  readonly declared: boolean;
  /** They also go where readers find them when the revisions change. */
  readonly beside: boolean;
}

export const isSameRole = (a: Role, b: Role): boolean => a.declared === b.declared && a.beside === b.beside;

/** Another revision, and what is before the keys of its results where they lie beside. */
export interface Other {
  readonly program: WindowProgram;
  readonly prefix: string;
}

type SinkSpec = WindowProgram['sinks'][number];

/** What lies beside is gone by itself so long after the longest change of revisions, ms. */
const besideMs = 3_600_000;

/** A hash that each key with results has, whatever else is written. */
const markedBy = ({ sinks, key }: WindowProgram): Extract<SinkSpec, { kind: 'hash' }> => {
  const found = sinks.find((sink) => sink.kind === 'hash' && !namesWindow(sink.key));
  if (found?.kind === 'hash') return found;
  return { kind: 'hash', key: ['marks', ...key.map((field) => `{${keyName(field)}}`)].join(':') };
};

/** Those that readers of ours look at; what is nowhere read by its key need not change at once. */
const besideSinks = (program: WindowProgram, prefix: string): SinkSpec[] => {
  const { maxWarmUpMs, keepOldMs } = updateOf(program);
  const longestMs = maxWarmUpMs + keepOldMs + besideMs;
  return [...new Set([markedBy(program), ...program.sinks])].flatMap((sink) =>
    sink.kind === 'hash' || sink.kind === 'series'
      ? [{ ...sink, key: prefix + sink.key, ttlMs: Math.min(sink.ttlMs ?? Number.POSITIVE_INFINITY, longestMs) }]
      : [],
  );
};

/** Where one sees whether a revision has results of a key: template of the hash, and a field of it. */
export const markOf = ({ program, prefix }: Other) => ({
  key: prefix + markedBy(program).key,
  keyNames: program.key.map(keyName),
  field: `@${program.window}`,
});

/** Tells sinks apart by where they write. */
const placesOf = (sink: SinkSpec): string => {
  if (sink.kind === 'topic') return sink.topic.name;
  return sink.kind === 'sortedSet' ? `${sink.key} ${sink.member}` : sink.key;
};

export const isWrittenBy = ({ sinks }: WindowProgram, sink: SinkSpec): boolean =>
  sinks.some((other) => other.kind === sink.kind && placesOf(other) === placesOf(sink));

/** Takes fields away that the definition before has written to hashes that this one goes on with. */
const sweepsOf = (program: WindowProgram, before: WindowProgram | undefined): readonly Sink[] => {
  const names = program.aggregations.map(({ name }) => name);
  const gone = before?.aggregations.map(({ name }) => name).filter((name) => !names.includes(name)) ?? [];
  if (before === undefined || gone.length === 0) return [];
  const shared = program.sinks.filter((sink) => sink.kind === 'hash' && isWrittenBy(before, sink));
  return shared.map((sink) => {
    const template = compileTemplate(placesOf(sink), program.key.map(keyName));
    return {
      write: (upserts, to) => {
        for (const upsert of upserts) to.commands().hashDelete(template.fill(upsert), gone);
      },
    };
  });
};

interface SinkOptions {
  readonly role: Role;
  readonly prefix: string;
  /** What was in force before, while that is kept. */
  readonly before: WindowProgram | undefined;
  readonly clock: Clock;
}

/** @throws Error for a key template with a name that the key does not have */
export const sinksFor = (program: WindowProgram, { role, prefix, before, clock }: SinkOptions): readonly Sink[] => [
  ...(role.declared ? [...sweepsOf(program, before), ...createSinks(program, clock)] : []),
  ...(role.beside ? createSinks({ ...program, sinks: besideSinks(program, prefix) }, clock) : []),
];
