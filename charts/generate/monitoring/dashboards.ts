/** A graph: its title, unit of Grafana, and queries with their legends. */
type Panel = readonly [title: string, unit: string, ...queries: readonly (readonly [expr: string, legend: string])[]];

interface Dashboard {
  readonly name: string;
  readonly title: string;
  readonly panels: readonly Panel[];
}

const here = 'namespace=~"$namespace"';
const rate = (metric: string, by: string, matching = ''): string =>
  `sum by (${by}) (rate(${metric}{${here}${matching}}[$__rate_interval]))`;
const quantile = (q: number, metric: string, by: string): string =>
  `histogram_quantile(${q}, sum by (${by}, le) (rate(${metric}_bucket{${here}}[$__rate_interval])))`;
const most = (metric: string, by: string): string => `max by (${by}) (${metric}{${here}})`;

export const dashboards: readonly Dashboard[] = [
  {
    name: 'pipeline',
    title: 'Groundswell / Pipeline',
    panels: [
      ['Events taken', 'eps', [rate('ingest_events_total', 'source', ',outcome="written"'), '{{source}}']],
      ['Behind the newest event', 's', [most('ingest_lag_seconds', 'source'), '{{source}}']],
      [
        'Duplicates and dead letters',
        'eps',
        [rate('ingest_events_total', 'source, outcome', ',outcome!="written"'), '{{source}} {{outcome}}'],
      ],
      [
        'Disconnects',
        'short',
        [
          `sum by (source, reason) (increase(ingest_disconnects_total{${here}}[$__rate_interval]))`,
          '{{source}} {{reason}}',
        ],
      ],
      [
        'From event to prediction',
        's',
        [quantile(0.5, 'scorer_event_to_prediction_seconds', 'model'), '{{model}} p50'],
        [quantile(0.99, 'scorer_event_to_prediction_seconds', 'model'), '{{model}} p99'],
      ],
      [
        'Time of each stage',
        's',
        [quantile(0.99, 'pipeline_stage_seconds', 'stage, program'), '{{stage}} {{program}} p99'],
      ],
      ['Requests to the API', 'reqps', [rate('api_requests_total', 'status'), '{{status}}']],
      ['Time of requests', 's', [quantile(0.99, 'api_request_seconds', 'route'), '{{route}} p99']],
      ['Delivery of posts', 's', [quantile(0.99, 'feed_delivery_seconds', 'feed'), '{{feed}} p99']],
      [
        'Alerts',
        'short',
        [`sum by (rule, outcome) (increase(alerter_alerts_total{${here}}[$__rate_interval]))`, '{{rule}} {{outcome}}'],
      ],
      [
        'Messages to channels',
        'short',
        [
          `sum by (channel, outcome) (increase(alerter_messages_total{${here}}[$__rate_interval]))`,
          '{{channel}} {{outcome}}',
        ],
        [most('alerter_messages_waiting', 'channel'), '{{channel}} waiting'],
      ],
    ],
  },
  {
    name: 'windows',
    title: 'Groundswell / Windows',
    panels: [
      ['Records read', 'eps', [rate('window_records_total', 'window'), '{{window}}']],
      ['What became of them', 'eps', [rate('window_events_total', 'window, outcome'), '{{window}} {{outcome}}']],
      ['Results published', 'eps', [rate('window_upserts_total', 'window'), '{{window}}']],
      ['Watermark behind', 's', [most('window_watermark_lag_seconds', 'window'), '{{window}}']],
      ['Keys', 'short', [`sum by (window) (window_keys{${here}})`, '{{window}}']],
      ['State', 'bytes', [`sum by (window) (window_state_bytes{${here}})`, '{{window}}']],
      ['Use of the limit', 'percentunit', [most('window_state_use_ratio', 'window'), '{{window}}']],
      ['Restoring', 's', [most('window_restore_seconds', 'window'), '{{window}}']],
    ],
  },
  {
    name: 'models',
    title: 'Groundswell / Models',
    panels: [
      ['Predictions', 'eps', [rate('scorer_predictions_total', 'model, variant'), '{{model}}/{{variant}}']],
      ['Share of keys', 'percent', [most('scorer_variant_share', 'model, variant'), '{{model}}/{{variant}}']],
      ['Time of a run', 's', [quantile(0.99, 'scorer_score_seconds', 'model, variant'), '{{model}}/{{variant}} p99']],
      ['Rows of a run', 'short', [quantile(0.5, 'scorer_batch_rows', 'model, variant'), '{{model}}/{{variant}} p50']],
      ['Requests', 'reqps', [rate('scorer_requests_total', 'door, outcome'), '{{door}} {{outcome}}']],
      ['Time of requests', 's', [quantile(0.99, 'scorer_request_seconds', 'door, model'), '{{model}} {{door}} p99']],
      ['Area under the curve', 'short', [most('variant_auc', 'model, variant'), '{{model}}/{{variant}}']],
      ['Evidence for the challenger', 'short', [most('rollout_evidence', 'model'), '{{model}}']],
      [
        'Labels',
        'short',
        [most('rollout_labels', 'model'), '{{model}}'],
        [most('rollout_missing_labels', 'model'), '{{model}} missing'],
      ],
      ['Invalid scores', 'eps', [rate('scorer_scores_invalid_total', 'model, variant'), '{{model}}/{{variant}}']],
    ],
  },
  {
    name: 'operator',
    title: 'Groundswell / Operator',
    panels: [
      [
        'Reconciliations',
        'ops',
        [rate('controller_runtime_reconcile_total', 'controller, result'), '{{controller}} {{result}}'],
      ],
      [
        'Time of a reconciliation',
        's',
        [quantile(0.99, 'controller_runtime_reconcile_time_seconds', 'controller'), '{{controller}} p99'],
      ],
      ['Waiting', 'short', [most('workqueue_depth', 'name'), '{{name}}']],
      ['Time in the queue', 's', [quantile(0.99, 'workqueue_queue_duration_seconds', 'name'), '{{name}} p99']],
      [
        'Requests to the API server',
        'reqps',
        [rate('rest_client_requests_total', 'method, code'), '{{method}} {{code}}'],
      ],
      ['Leaders', 'short', [`sum by (name) (leader_election_master_status{${here}})`, '{{name}}']],
    ],
  },
];

const datasource = { type: 'prometheus', uid: '$datasource' };

const panelOf = ([title, unit, ...queries]: Panel, i: number): object => ({
  id: i + 1,
  type: 'timeseries',
  title,
  datasource,
  gridPos: { h: 8, w: 12, x: (i % 2) * 12, y: Math.floor(i / 2) * 8 },
  fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
  options: {
    legend: { displayMode: 'list', placement: 'bottom', showLegend: true },
    tooltip: { mode: 'multi', sort: 'desc' },
  },
  targets: queries.map(([expr, legendFormat], place) => ({
    ...{ refId: String.fromCharCode(65 + place), datasource, expr, legendFormat },
  })),
});

const variable = (of: object): object => ({ hide: 0, includeAll: false, multi: false, skipUrlSync: false, ...of });

/** A dashboard as Grafana imports it. */
export const dashboardFile = ({ name, title, panels }: Dashboard): string =>
  `${JSON.stringify(
    {
      uid: `groundswell-${name}`,
      title,
      tags: ['groundswell'],
      schemaVersion: 39,
      version: 1,
      editable: true,
      refresh: '30s',
      time: { from: 'now-1h', to: 'now' },
      timezone: 'browser',
      templating: {
        list: [
          variable({ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus', refresh: 1 }),
          variable({
            ...{
              name: 'namespace',
              label: 'Namespace',
              type: 'query',
              datasource,
              refresh: 2,
              includeAll: true,
              multi: true,
            },
            ...{ allValue: '.*', current: { text: 'All', value: '$__all' } },
            query: {
              query: 'label_values({__name__=~"ingest_events_total|controller_runtime_reconcile_total"}, namespace)',
              refId: 'namespace',
            },
          }),
        ],
      },
      panels: panels.map(panelOf),
    },
    null,
    1,
  )}\n`;
