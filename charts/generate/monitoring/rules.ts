import { stringify } from 'yaml';

/** A rule of Prometheus, with a heading of docs/operations/runbooks.md of the same name. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for: string;
  readonly severity: 'warning' | 'critical';
  readonly summary: string;
}

export const rules: readonly Rule[] = [
  {
    alert: 'GroundswellSourceBehind',
    expr: 'max by (namespace, source) (ingest_lag_seconds) > 120',
    ...{ for: '10m', severity: 'warning' },
    summary: 'Source {{ $labels.source }} gives events that are {{ $value | humanizeDuration }} old',
  },
  {
    alert: 'GroundswellSourceSilent',
    expr: 'sum by (namespace, source) (rate(ingest_events_total{outcome="written"}[15m])) == 0 and sum by (namespace, source) (increase(ingest_events_total{outcome="written"}[6h])) > 0',
    ...{ for: '15m', severity: 'warning' },
    summary: 'Source {{ $labels.source }} has given nothing for a quarter of an hour, and did before',
  },
  {
    alert: 'GroundswellSourceReconnects',
    expr: 'sum by (namespace, source) (increase(ingest_disconnects_total[30m])) > 10',
    ...{ for: '0m', severity: 'warning' },
    summary: 'Source {{ $labels.source }} was disconnected {{ $value | humanize }} times in half an hour',
  },
  {
    alert: 'GroundswellEventsUnusable',
    expr: 'sum by (namespace, source) (rate(ingest_events_total{outcome="dead-lettered"}[15m])) / sum by (namespace, source) (rate(ingest_events_total[15m])) > 0.01',
    ...{ for: '15m', severity: 'warning' },
    summary: '{{ $value | humanizePercentage }} of the events of source {{ $labels.source }} cannot be used',
  },
  {
    alert: 'GroundswellWindowBehind',
    expr: 'max by (namespace, window) (window_watermark_lag_seconds) > 300 and sum by (namespace, window) (rate(window_records_total[5m])) > 0',
    ...{ for: '10m', severity: 'warning' },
    summary: 'Window {{ $labels.window }} is {{ $value | humanizeDuration }} behind',
  },
  {
    alert: 'GroundswellWindowNearlyFull',
    expr: 'max by (namespace, window) (window_state_use_ratio) > 0.9',
    ...{ for: '5m', severity: 'critical' },
    summary:
      'The state of window {{ $labels.window }} fills {{ $value | humanizePercentage }} of its limit; at 100 % it stops',
  },
  {
    alert: 'GroundswellEventsLate',
    expr: 'sum by (namespace, window) (rate(window_events_total{outcome="late"}[30m])) / sum by (namespace, window) (rate(window_events_total[30m])) > 0.02',
    ...{ for: '30m', severity: 'warning' },
    summary: '{{ $value | humanizePercentage }} of the events come too late for window {{ $labels.window }}',
  },
  {
    alert: 'GroundswellModelNotServing',
    expr: 'min by (namespace, model, variant) (scorer_variant_ready) == 0',
    ...{ for: '5m', severity: 'critical' },
    summary: 'The declared artifact of variant {{ $labels.variant }} of model {{ $labels.model }} does not serve',
  },
  {
    alert: 'GroundswellPredictionsSlow',
    expr: 'histogram_quantile(0.99, sum by (namespace, model, le) (rate(scorer_event_to_prediction_seconds_bucket[10m]))) > 1',
    ...{ for: '10m', severity: 'warning' },
    summary:
      'From event to prediction of model {{ $labels.model }} it takes {{ $value | humanizeDuration }} (99th percentile)',
  },
  {
    alert: 'GroundswellScoresInvalid',
    expr: 'sum by (namespace, model, variant) (rate(scorer_scores_invalid_total[10m])) > 0',
    ...{ for: '10m', severity: 'critical' },
    summary: 'Variant {{ $labels.variant }} of model {{ $labels.model }} gives scores that are no probability',
  },
  {
    alert: 'GroundswellFeedSlow',
    expr: 'histogram_quantile(0.99, sum by (namespace, feed, le) (rate(feed_delivery_seconds_bucket[10m]))) > 30',
    ...{ for: '10m', severity: 'warning' },
    summary: 'Posts of feed {{ $labels.feed }} take {{ $value | humanizeDuration }} to all followers (99th percentile)',
  },
  {
    alert: 'GroundswellAlertsUndelivered',
    expr: 'sum by (namespace, channel) (increase(alerter_messages_total{outcome="given-up"}[1h])) > 0 or max by (namespace, channel) (alerter_messages_waiting) > 20',
    ...{ for: '5m', severity: 'critical' },
    summary: 'Alerts do not arrive at channel {{ $labels.channel }}',
  },
  {
    alert: 'GroundswellApiErrors',
    expr: 'sum by (namespace) (rate(api_requests_total{status=~"5.."}[10m])) / sum by (namespace) (rate(api_requests_total[10m])) > 0.01',
    ...{ for: '10m', severity: 'warning' },
    summary: '{{ $value | humanizePercentage }} of the requests to the API fail',
  },
  {
    alert: 'GroundswellReconcileErrors',
    expr: 'sum by (namespace, controller) (rate(controller_runtime_reconcile_errors_total[15m])) > 0.05',
    ...{ for: '15m', severity: 'warning' },
    summary: 'The operator fails again and again at {{ $labels.controller }}',
  },
  {
    alert: 'GroundswellNoLeader',
    expr: 'sum by (namespace) (leader_election_master_status) == 0',
    ...{ for: '5m', severity: 'critical' },
    summary: 'No replica of the operator leads: nothing is reconciled',
  },
];

/** Where the chart puts in the address of the runbooks. */
const runbooks = 'RUNBOOKS';

/** `groups`, for a PrometheusRule and for Prometheus itself. */
export const rulesFile = (): string =>
  `# Made by npm run generate from charts/generate/monitoring/rules.ts.\n${stringify(
    {
      groups: [
        {
          name: 'groundswell',
          rules: rules.map(({ alert, expr, for: since, severity, summary }) => ({
            ...{ alert, expr, for: since, labels: { severity } },
            annotations: { summary, runbook_url: `${runbooks}#${alert.toLowerCase()}` },
          })),
        },
      ],
    },
    { lineWidth: 0 },
  )}`;
