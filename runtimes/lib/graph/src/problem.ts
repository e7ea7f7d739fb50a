/** The way from a resource to one of its fields: `['spec', 'window', 'hop', 'every']`. */
export type Path = readonly (string | number)[];

/** Where something stands in a file. Both from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something about the resources that a person should change. A warning does not keep them from running. */
export interface Problem extends Place {
  readonly severity: 'error' | 'warning';
  /** Field, as in `spec.window.hop.every`; empty where it is about the whole. */
  readonly path: string;
  readonly message: string;
  /** What is not there, of a reference that leads nowhere: it may come yet. */
  readonly missing?: { readonly kind: string; readonly name: string };
}

/** One line, as editors and compilers have it: `windows.yaml:12:7: spec.window.hop.every: Cannot …`. */
export const formatProblem = ({ file, line, column, path, message }: Problem): string =>
  `${file}:${line}:${column}: ${path === '' ? '' : `${path}: `}${message}`;

export const formatPath = (path: Path): string =>
  path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${key}`)).join('');

/** In the order of reading: by file, line and column. Where one thing was found twice, once. */
export const inOrder = (problems: readonly Problem[]): readonly Problem[] => {
  const once = new Map(problems.map((problem) => [formatProblem(problem), problem]));
  return [...once.values()].sort(
    (a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0) || a.line - b.line || a.column - b.column,
  );
};
