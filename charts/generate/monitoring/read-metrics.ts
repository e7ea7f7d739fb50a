import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A metric as the code declares it. */
export interface DeclaredMetric {
  readonly name: string;
  readonly kind: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
  readonly labels: readonly string[];
}

const root = join(import.meta.dirname, '../../..');

/** `.counter('name', 'help', …)`: the kind, the name, and all arguments behind it. */
const call =
  /\b(counter|gauge|histogram|traced)\(\s*'([a-z][a-z0-9_]*)',\s*((?:'(?:[^'\\]|\\.)*'|[^;'()]|\([^()]*\))*)\)/g;
/** Tables of `name: 'help'`, as programs have them whose metrics share their labels. */
const table = /const \w+Metrics = \{(.*?)\} as const/gs;
const entry = /^ {2}([a-z][a-z0-9_]*):\s*'((?:[^'\\]|\\.)*)'/gm;

const unquoted = (text: string): string => text.replaceAll("\\'", "'").replace(/\.$/, '');

const labelsIn = (rest: string, source: string): readonly string[] => {
  const lists = [...rest.matchAll(/\[([^\][]*)\]/g)]
    .map(([, inside = '']) => inside)
    .filter((text) => text.includes("'"));
  const list = lists.at(-1) ?? /const labels = \[([^\][]*)\]/.exec(/\blabels\b/.test(rest) ? source : '')?.[1] ?? '';
  return [...list.matchAll(/'([a-z_]+)'/g)].map(([, name = '']) => name);
};

const metricsIn = (source: string): readonly DeclaredMetric[] => {
  const helps = new Map(
    [...source.matchAll(table)].flatMap(([, body = '']) =>
      [...body.matchAll(entry)].map(([, name = '', help = '']): [string, string] => [name, unquoted(help)]),
    ),
  );
  const called = [...source.matchAll(call)].map(([, kind = '', name = '', rest = '']): DeclaredMetric => {
    const help = helps.get(name) ?? unquoted(/^'((?:[^'\\]|\\.)*)'/.exec(rest)?.[1] ?? '');
    return {
      name,
      kind: kind === 'traced' ? 'histogram' : (kind as DeclaredMetric['kind']),
      help,
      labels: labelsIn(rest, source),
    };
  });
  // What a table has is made by a short function of the file, with the labels that stand there.
  const common = /\(name: keyof[^;]*?\[('[a-z]+')\]/s.exec(source)?.[1] ?? '';
  const declared = new Set(called.filter(({ labels }) => labels.length > 0).map(({ name }) => name));
  const tabled = [...helps].flatMap(([name, help]): DeclaredMetric[] =>
    declared.has(name)
      ? []
      : [
          {
            ...{ name, help, kind: name.endsWith('_total') ? 'counter' : 'gauge' },
            labels: labelsIn(`[${common}]`, source),
          },
        ],
  );
  return [...called.filter(({ name }) => declared.has(name) || !helps.has(name)), ...tabled];
};

/** Every metric that the programs and the operator have, in order of their names. */
export const readMetrics = (): readonly DeclaredMetric[] =>
  globSync(['operator/src/**/*.ts', 'runtimes/*/src/**/*.ts', 'runtimes/lib/*/src/**/*.ts'], { cwd: root })
    .filter((path) => !path.endsWith('.test.ts') && !/\/(dist|node_modules|test)\//.test(path))
    .flatMap((path) => metricsIn(readFileSync(join(root, path), 'utf8')))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
