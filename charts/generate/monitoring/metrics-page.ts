import { type DeclaredMetric, readMetrics } from './read-metrics.ts';

const units: readonly (readonly [suffix: string, unit: string])[] = [
  ['_seconds', 'seconds'],
  ['_bytes', 'bytes'],
  ['_ratio', 'ratio'],
];

const unitOf = ({ name, kind }: DeclaredMetric): string => {
  const found = units.find(([suffix]) => name.replace(/_total$/, '').endsWith(suffix));
  return found?.[1] ?? (kind === 'counter' ? 'count' : '');
};

const parts: readonly (readonly [title: string, prefixes: readonly string[]])[] = [
  ['The way of an event', ['pipeline_']],
  ['Sources', ['ingest_']],
  ['Windows', ['window_']],
  ['Models', ['scorer_', 'variant_', 'rollout_']],
  ['Feeds', ['feed_']],
  ['Alerts', ['alerter_']],
  ['API', ['api_']],
  ['Store of keys', ['store_']],
  ['Operator', ['controller_runtime_', 'workqueue_', 'leader_election_', 'rest_client_']],
];

const row = (metric: DeclaredMetric): string =>
  `| \`${metric.name}\` | ${metric.kind} | ${unitOf(metric)} | ${metric.labels.join(', ')} | ${metric.help.replaceAll('|', '\\|')} |`;

const section = (title: string, metrics: readonly DeclaredMetric[]): string =>
  metrics.length === 0
    ? ''
    : `## ${title}\n\n| metric | kind | unit | labels | meaning |\n|---|---|---|---|---|\n${metrics.map(row).join('\n')}\n\n`;

/** The page of all metrics, as the code declares them. */
export const metricsPage = (): string => {
  const all = readMetrics();
  const isOf = (prefixes: readonly string[]) => (metric: DeclaredMetric) =>
    prefixes.some((prefix) => metric.name.startsWith(prefix));
  const known = parts.flatMap(([, prefixes]) => prefixes);
  const sections = [
    ...parts.map(([title, prefixes]) => section(title, all.filter(isOf(prefixes)))),
    section(
      'Others',
      all.filter((metric) => !isOf(known)(metric)),
    ),
  ];
  return `# Metrics

<!-- Made by npm run generate from the code: change the help text of the metric, not this page. -->

\`/metrics\` in the form of Prometheus; on a laptop of the API, in a cluster of each pod. No label holds a key or an id. The chart has
[alert rules](runbooks.md) and dashboards for Grafana over them.

${sections.join('').trimEnd()}
`;
};
