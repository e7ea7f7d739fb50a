import { z } from 'zod';
import { withRules } from '../../rules.ts';
import { listOf, mapOf, setOf } from '../../shared/collections.ts';
import { positiveDuration } from '../../shared/duration.ts';
import { live, rolling } from '../../shared/field.ts';
import { replicasOrAutoscaling, scaledWorkload } from '../../shared/pods.ts';
import { quantity } from '../../shared/quantity.ts';
import { reference, secretKeyReference } from '../../shared/references.ts';
import { identifier, text, url } from '../../shared/scalars.ts';

const Oidc = z.strictObject({
  issuer: rolling(url('https', 'http'), 'Issuer.'),
  clientId: rolling(text(256), 'Client.'),
  clientSecretRef: rolling(secretKeyReference(), 'Secret of the client.'),
  scopes: rolling(listOf(text(64), { max: 16 }).prefault(['openid', 'profile', 'groups']), 'Scopes to ask for.'),
  operators: rolling(
    listOf(text(256), { max: 64 }).prefault([]),
    'Groups that may promote, abort and pause. Everybody else may look.',
  ),
});

const Ingress = z.strictObject({
  host: rolling(text(253), 'Host name.'),
  className: rolling(text(253).optional(), "Ingress class. Absent: the cluster's default."),
  tlsSecretName: rolling(text(253).optional(), 'Secret with certificate and key. Absent: no TLS.'),
  annotations: rolling(mapOf(z.string().max(4096), 64).prefault({}), 'Annotations.'),
});

const Webhook = z.strictObject({
  url: live(url('https', 'http'), 'Address that is posted to.'),
  events: live(setOf(z.enum(['prediction', 'alert', 'rollout', 'outcome']), { min: 1, max: 4 }), 'What is sent.'),
  signingKeyRef: live(secretKeyReference(), 'Key of the HMAC-SHA256 signature.'),
});

const apiFields = z.strictObject({
  ...scaledWorkload(),
  keysRef: live(
    secretKeyReference().optional(),
    'API keys: a JSON list of {name, sha256, scopes, perSecond}. Absent: only who is inside the cluster reaches it.',
  ),
  anonymous: live(
    z.enum(['None', 'Read']).default('Read'),
    'What callers without a key may do. With keysRef, None is wise.',
  ),
  rateLimit: live(
    z
      .strictObject({
        perSecond: live(z.int().min(1).max(1_000_000).default(100), 'Requests in a second.'),
        burst: live(z.int().min(1).max(1_000_000).default(200), 'Requests at once.'),
      })
      .prefault({}),
    'What one caller may ask.',
  ),
  corsOrigins: live(
    // A plain list, no set: as the only thing under `api: {}` an empty set would make server-side apply take `api` away.
    listOf(text(512), { max: 64 }).prefault([]),
    'Origins of pages that may call it, as in https://example.com.',
  ),
  maxBody: live(quantity().prefault('1Mi'), 'Size of a request, at most.'),
  service: rolling(
    z
      .strictObject({
        type: rolling(z.enum(['ClusterIP', 'NodePort', 'LoadBalancer']).default('ClusterIP'), 'Type of the Service.'),
        port: rolling(z.int().min(1).max(65_535).default(80), 'Port of the Service.'),
        annotations: rolling(mapOf(z.string().max(4096), 64).prefault({}), 'Annotations.'),
      })
      .prefault({}),
    'How it is reached inside the cluster.',
  ),
  ingress: rolling(Ingress.optional(), 'How it is reached from outside. Absent: not at all.'),
  webhooks: live(listOf(Webhook, { max: 16 }).prefault([]), 'Others that are told.'),
});

/** The public HTTP API. */
export const Api = withRules(apiFields, [replicasOrAutoscaling]);

const Heatmap = z.strictObject({
  windowRef: live(reference(), 'FeatureWindow with a `series` sink: the cells.'),
  value: live(identifier().optional(), 'Aggregation shown first. Absent: the first.'),
});

/** The web page that the API serves. */
export const Ui = z.strictObject({
  title: live(text(128).default('Groundswell'), 'Title of the page.'),
  heatmap: live(Heatmap.optional(), 'Engagement over time.'),
  modelRef: live(reference().optional(), 'ScoringModel shown first. Absent: the first by name.'),
  postUrl: live(
    text(512).optional(),
    'Link to a post, with {post_id} and {author_id}, as in https://example.com/p/{post_id}.',
  ),
  oidc: live(Oidc.optional(), 'Log-in. Absent: who reaches the page sees it, and changes nothing.'),
});

/** What the pipeline promises. Conditions and autoscaling keep to it. */
export const Goals = z.strictObject({
  freshness: live(
    positiveDuration().prefault('500ms'),
    'From an event to the results of its windows, 99th percentile.',
  ),
  prediction: live(positiveDuration().prefault('1s'), 'From a post to its prediction, 99th percentile.'),
  scoring: live(positiveDuration().prefault('10ms'), 'Answering a request for a score, 99th percentile.'),
  timeline: live(positiveDuration().prefault('5s'), 'From a post to the timelines of its followers, 99th percentile.'),
  window: live(positiveDuration().prefault('5m'), 'Span over which the percentiles are taken.'),
});

export const Observability = z.strictObject({
  logLevel: live(z.enum(['Error', 'Warn', 'Info', 'Debug']).default('Info'), 'Least severe line that is logged.'),
  podMonitor: live(
    z.enum(['IfPossible', 'Never']).default('IfPossible'),
    'Whether PodMonitors are made where the Prometheus Operator is installed.',
  ),
  stampLatency: rolling(
    z.boolean().default(true),
    'Times of each stage travel with the records, for histograms and the UI.',
  ),
  traces: rolling(
    z
      .strictObject({
        endpoint: rolling(url('http', 'https'), 'OTLP endpoint.'),
        share: rolling(z.number().min(0).max(1).default(0.01), 'Share of events that are traced.'),
        headersRef: rolling(
          secretKeyReference().optional(),
          'Headers for the endpoint, name=value, separated by commas.',
        ),
      })
      .optional(),
    'OpenTelemetry traces. Absent: none.',
  ),
});
