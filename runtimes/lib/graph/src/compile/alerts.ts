import { suggest } from '@groundswell/cel';
import type { ViralityPipeline } from '@groundswell/crds';
import { alertTemplateNames, topicsOf } from '@groundswell/wire';
import { alertEnvironment } from '../environments.ts';
import type { AlerterProgram, AlertRule } from '../programs/index.ts';
import { compileChannel } from './alert-channels.ts';
import { alertWindowsOf, usedWindows } from './alert-windows.ts';
import { decisionsOf, type PipelineContext, type PipelineReading } from './context.ts';
import { retriesOf } from './retries.ts';
import type { Unhashed } from './revision.ts';
import { namesIn } from './sinks.ts';
import { isTimeZone } from './time-zone.ts';
import { compileWebhooks } from './webhooks.ts';

type Alerts = NonNullable<ViralityPipeline['spec']['alerts']>;
type WrittenRule = Alerts['rules'][number];
type Environment = ReturnType<typeof alertEnvironment>;

/** Who is told, and when; nothing where the pipeline has no alerts. */
export const compileAlerts = (
  context: PipelineContext,
  models: readonly string[],
): Unhashed<AlerterProgram> | undefined => {
  const { name, reading, topics } = context;
  const { alerts, ui, api } = reading.spec;
  const webhooks = api === undefined ? [] : compileWebhooks(reading, api.webhooks);
  if (alerts === undefined && webhooks.length === 0) return undefined;
  if (alerts !== undefined && models.length === 0)
    reading.refuse(['alerts'], 'Cannot watch predictions: the pipeline has no ScoringModel, one is needed');
  const windows = alertWindowsOf(context);
  const environment = alertEnvironment(
    Object.fromEntries([...windows].map(([window, { fields }]) => [window, fields])),
  );
  const rules = (alerts?.rules ?? []).map((rule, i) => compileRule(reading, rule, { i, environment }));
  const postUrl = ui?.postUrl;
  if (postUrl !== undefined) checkLink(reading, postUrl);
  return {
    kind: 'alerter',
    name: 'alerter',
    pipeline: name,
    predictions: topics.predictions,
    alerts: { ...topics.predictions, name: topicsOf(name).alerts, ...(alerts && { retentionMs: alerts.history }) },
    deadLetters: topics.deadLetters,
    ...retriesOf(reading.spec.deadLetters),
    decisions: decisionsOf(context),
    outcomes: topics.outcomes,
    windows: usedWindows(windows, rules),
    channels: (alerts?.channels ?? []).map(compileChannel),
    rules,
    webhooks,
    historyMs: alerts?.history ?? 0,
    ...(postUrl !== undefined && { postUrl }),
  };
};

const compileRule = (
  reading: PipelineReading,
  rule: WrittenRule,
  { i, environment }: { readonly i: number; readonly environment: Environment },
): AlertRule => {
  const path = ['alerts', 'rules', i];
  const { name, severity, channels, once, group, maxPerHour, title, text, until, modelRef } = rule;
  const cel = (field: readonly string[], source: string) =>
    reading.expression([...path, ...field], source, environment);
  checkTemplate(reading, [...path, 'title'], title);
  if (text !== undefined) checkTemplate(reading, [...path, 'text'], text);
  return {
    name,
    when: cel(['when'], rule.when),
    ...(until !== undefined && { until: cel(['until'], until) }),
    forMs: rule.for,
    ...(modelRef !== undefined && { model: modelRef.name }),
    severity,
    channels: [...channels],
    once: { key: cel(['once', 'key'], once.key), withinMs: once.within },
    ...(group !== undefined && { group: { by: cel(['group', 'by'], group.by), waitMs: group.wait } }),
    maxPerHour,
    ...quietHoursOf(reading, rule, path),
    title,
    ...(text !== undefined && { text }),
  };
};

const minutesOf = (clock: string): number => {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number);
  return hours * 60 + minutes;
};

const quietHoursOf = (
  { refuse }: PipelineReading,
  { quietHours }: WrittenRule,
  path: readonly (string | number)[],
): Pick<AlertRule, 'quietHours'> => {
  if (quietHours === undefined) return {};
  const { from, to, timeZone, unless } = quietHours;
  const at = [...path, 'quietHours'];
  if (!isTimeZone(timeZone))
    refuse(
      [...at, 'timeZone'],
      `Cannot tell the time in ${JSON.stringify(timeZone)}: it is no time zone, one as in Europe/Berlin is needed`,
    );
  if (from === to)
    refuse([...at, 'to'], `Cannot be quiet from ${from} to ${to}: that is no time at all, two times are needed`);
  return { quietHours: { from: minutesOf(from), to: minutesOf(to), timeZone, unless } };
};

const checkTemplate = ({ refuse }: PipelineReading, path: readonly (string | number)[], template: string): void => {
  const known: readonly string[] = alertTemplateNames;
  for (const name of namesIn(template))
    if (!known.includes(name))
      refuse(path, `Cannot fill {${name}}: an alert has no such value, ${suggest(name, known)}`);
};

const checkLink = ({ refuse }: PipelineReading, postUrl: string): void => {
  const known = ['post_id', 'author_id'];
  for (const name of namesIn(postUrl))
    if (!known.includes(name))
      refuse(['ui', 'postUrl'], `Cannot fill {${name}}: a link has no such value, ${suggest(name, known)}`);
};
