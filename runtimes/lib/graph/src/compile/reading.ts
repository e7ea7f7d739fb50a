import { type CelEnvironment, checkCel } from '@groundswell/cel';
import { canonical } from '../content-hash.ts';
import { formatPath, type Path, type Problem } from '../problem.ts';
import type { CompiledKind, LocatedResource } from '../resource.ts';
import { recorded, unreadIn } from './recorded.ts';

export type Target = 'local' | 'cluster';

/**
 * A resource while it is compiled. Whoever compiles reads `spec` and says what is wrong; `finish` then finds what was
 * written and never read. Paths begin below `spec`.
 */
export interface Reading<Spec> {
  readonly kind: CompiledKind;
  readonly name: string;
  readonly spec: Spec;
  readonly target: Target;
  refuse(path: Path, message: string): void;
  warn(path: Path, message: string): void;
  /** Refuses the field for now. `instead` says what to do. */
  notYet(path: Path, instead?: string): void;
  /** Checks an expression, and gives it back. */
  expression(path: Path, source: string, environment: CelEnvironment): string;
  /** All problems; with those of fields that nothing read. */
  finish(): readonly Problem[];
}

interface ReadingOptions {
  readonly kind: CompiledKind;
  readonly target: Target;
  /** Fields that say how something runs in a cluster. On a laptop they have no effect. */
  readonly clusterOnly: readonly string[];
  /** The spec of a resource as it would be without the fields; undefined when it would not be right. */
  readonly without: (paths: readonly Path[]) => unknown;
}

const quoted = (path: Path): string => {
  const last = path.at(-1);
  return JSON.stringify(typeof last === 'number' ? formatPath(path.slice(-2)) : last);
};

export const createReading = <Spec extends object>(
  located: LocatedResource,
  spec: Spec,
  { kind, target, clusterOnly, without }: ReadingOptions,
): Reading<Spec> => {
  const { value, isRead } = recorded(spec);
  const problems: Problem[] = [];
  const add = (
    severity: Problem['severity'],
    path: Path,
    { message, offset }: { message: string; offset?: number },
  ) => {
    const whole: Path = ['spec', ...path];
    problems.push({ ...located.place(whole, offset), severity, path: formatPath(whole), message });
  };
  const refuse = (path: Path, message: string): void => add('error', path, { message });
  const warn = (path: Path, message: string): void => add('warning', path, { message });
  const notYet = (path: Path, instead = 'remove it'): void =>
    refuse(path, `Cannot use ${quoted(path)}: it is not supported yet, ${instead}`);

  const areDefaults = (paths: readonly Path[]): boolean => canonical(without(paths)) === canonical(spec);
  const judgeUnread = (path: Path): void => {
    const field = formatPath(path);
    if (problems.some((problem) => covers(problem.path, `spec.${field}`))) return;
    if (areDefaults([path])) return;
    const pattern = field.replaceAll(/\[\d+\]/g, '[]');
    if (target === 'local' && clusterOnly.some((prefix) => covers(prefix, pattern)))
      warn(path, `Cannot use ${quoted(path)} here: it has an effect only in a cluster, it is ignored`);
    else notYet(path);
  };

  return {
    kind,
    name: located.name,
    spec: value,
    target,
    refuse,
    warn,
    notYet,
    expression: (path, source, environment) => {
      const wrong = checkCel(source, environment);
      if (wrong !== undefined) add('error', path, wrong);
      return source;
    },
    finish: () => {
      const unread = unreadIn(written(located), isRead);
      // The API server writes all defaults out. Mostly there is nothing else, and one look tells.
      if (unread.length > 0 && !areDefaults(unread)) unread.forEach(judgeUnread);
      return problems;
    },
  };
};

const written = ({ written: whole }: LocatedResource): unknown =>
  typeof whole === 'object' && whole !== null && 'spec' in whole ? whole.spec : {};

/** Whether the field is the other or lies in it. */
const covers = (outer: string, inner: string): boolean =>
  inner === outer || inner.startsWith(`${outer}.`) || inner.startsWith(`${outer}[`);
