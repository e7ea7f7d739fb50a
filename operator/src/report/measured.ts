import type { IngestProgram, Program } from '@groundswell/graph';
import type { ProgramReport } from '@groundswell/process';
import { nameOf } from '../children/names.ts';
import { doorPorts } from '../children/pod.ts';
import { feedStatus } from './feed.ts';
import { type Ledger, type Measures, rounded, sumOf } from './measures.ts';
import { variantsStatus } from './model.ts';
import { recommenderStatus } from './recommender.ts';
import { redefinitionOf } from './redefined.ts';
import { measuresOf, type Standing } from './standing.ts';
import { timeOf } from './time.ts';
import { trainingStatus } from './training.ts';

/** What programs measured, for the status of the resource. What is not known is left out: unknown is not zero. */
type Status = Readonly<Record<string, unknown>>;

/** The latest time that a status can say; the end of a replay lies behind it. */
const lastTime = Date.UTC(9999, 0);

const given = (entries: Readonly<Record<string, unknown>>): Status =>
  Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== undefined));

const roundedOrNot = (value: number | undefined): number | undefined =>
  value === undefined ? undefined : rounded(value);

/** The program that a resource is about; those beside it help it. */
const mainOf = ({ programs }: Standing): Program | undefined => programs[0];

const mainMeasures = (standing: Standing): Measures | undefined => {
  const main = mainOf(standing);
  return main === undefined ? undefined : measuresOf(standing, main.name);
};

const sourcesOf = ({ programs }: Standing) => programs.filter((program) => program.kind === 'ingest');

/** Of a window, a model, or all sources of a pipeline. */
export const ledgerOf = (standing: Standing): { readonly ledger: Ledger; readonly isMoving: boolean } | undefined => {
  const isPipeline = standing.verdict.object.kind === 'ViralityPipeline';
  const measures = isPipeline
    ? sourcesOf(standing).flatMap(({ name }) => measuresOf(standing, name) ?? [])
    : [mainMeasures(standing)].flatMap((one) => one ?? []);
  const ledger = sumOf(measures.flatMap((one) => one.ledger ?? []));
  return ledger === undefined ? undefined : { ledger, isMoving: measures.some(({ isMoving }) => isMoving) };
};

/** How far the watermark of a window is behind the newest event that it has seen, s. */
const lagOf = ({ watermark, eventTime }: Measures): number | undefined =>
  watermark === undefined || eventTime === undefined ? undefined : Math.max(0, eventTime - watermark) / 1_000;

const warmUpOf = (standing: Standing): Status | undefined => {
  const redefinition = redefinitionOf(standing);
  if (redefinition?.state !== 'WarmingUp' || redefinition.at === undefined) return undefined;
  const { revision, percent, at } = redefinition;
  return { revision, percent, since: timeOf(at) };
};

const windowStatus = (standing: Standing): Status => {
  const measures = mainMeasures(standing);
  if (measures === undefined) return {};
  const { watermark, rate, state } = measures;
  const lag = lagOf(measures);
  return given({
    eventsPerSecond: roundedOrNot(rate),
    ledger: measures.ledger,
    warmUp: warmUpOf(standing),
    keys: state?.keys,
    stateBytes: state?.bytes,
    restoreSeconds: state?.restoreMs === undefined ? undefined : state.restoreMs / 1_000,
    restoredKeys: state?.restoredKeys,
    evictedKeys: state?.evictedKeys,
    watermark:
      watermark === undefined || watermark > lastTime || lag === undefined
        ? undefined
        : { value: timeOf(watermark), lagSeconds: rounded(lag) },
  });
};

const addressOf = (standing: Standing, program: Program): string =>
  `${nameOf(program)}.${standing.verdict.object.metadata.namespace}.svc`;

const modelStatus = (standing: Standing): Status => {
  const main = mainOf(standing);
  const measures = mainMeasures(standing);
  const doors = main?.kind === 'scorer' ? main.serving.doors : [];
  const endpoints = doors.map((door) => {
    const address = main === undefined ? '' : addressOf(standing, main);
    return [door, door === 'http' ? `http://${address}:${doorPorts.http}` : `${address}:${doorPorts.grpc}`];
  });
  return given({
    ...(endpoints.length > 0 && { endpoints: Object.fromEntries(endpoints) }),
    ...(main?.kind === 'scorer' && variantsStatus(standing, main)),
    scoresPerSecond: roundedOrNot(measures?.produced['predictions']),
    ledger: measures?.ledger,
    training: standing.training && trainingStatus(standing.training),
  });
};

const recommenderOf = (standing: Standing): Status => {
  const main = mainOf(standing);
  return main === undefined
    ? {}
    : { ...recommenderStatus(standing, main.name), url: `http://${addressOf(standing, main)}` };
};

const sourceState = (
  standing: Standing,
  { name }: IngestProgram,
  report: ProgramReport | undefined,
): { state: string; message?: string } => {
  const isSuspended = standing.workloads.some(({ program, wanted }) => program === name && wanted === 0);
  if (standing.verdict.suspended || isSuspended) return { state: 'Suspended' };
  const failure = standing.pods.find((pod) => pod.program === name && pod.failure?.lasting === true)?.failure;
  if (failure !== undefined)
    return { state: 'Failed', message: `${failure.reason}: ${failure.message}`.slice(0, 1_000) };
  if (report === undefined) return { state: 'Pending' };
  const { health, watermark } = report;
  const message = (health.message ?? health.reason ?? '').slice(0, 1_000);
  if (health.kind === 'stalled') return { state: 'Failed', message };
  if (health.reason === 'QuotaUsedUp') return { state: 'OutOfQuota', message };
  if (health.kind === 'waiting') return { state: 'BackingOff', message };
  return { state: typeof watermark === 'number' && watermark > lastTime ? 'Ended' : 'Connected' };
};

const quotaStatus = ({ used, share, exhaustedAt }: NonNullable<ProgramReport['quota']>): Status =>
  given({ used, share, exhaustedAt: exhaustedAt === undefined ? undefined : timeOf(exhaustedAt) });

const sourceStatus = (standing: Standing, program: IngestProgram): Status => {
  const measures = measuresOf(standing, program.name);
  const { eventTime } = measures ?? {};
  const report = standing.reports.find((one) => one.program === program.name)?.current;
  return given({
    name: program.source.name,
    ...sourceState(standing, program, report),
    eventsPerSecond: roundedOrNot(measures?.rate),
    quota: report?.quota && quotaStatus(report.quota),
    lastEventAt: eventTime === undefined || eventTime > lastTime ? undefined : timeOf(eventTime),
  });
};

const pipelineStatus = (standing: Standing, others: readonly Standing[]): Status => {
  const sources = sourcesOf(standing);
  const rates = sources.map(({ name }) => measuresOf(standing, name)?.rate);
  const known = rates.flatMap((rate) => rate ?? []);
  const lags = others
    .filter(({ verdict }) => verdict.object.kind === 'FeatureWindow')
    .flatMap((other) => {
      const measures = mainMeasures(other);
      return (measures && lagOf(measures)) ?? [];
    });
  const api = standing.programs.find(({ kind }) => kind === 'api');
  const url = api && `http://${addressOf(standing, api)}`;
  return given({
    sources: sources.length === 0 ? undefined : sources.map((source) => sourceStatus(standing, source)),
    // A sum of which a part is not known is not known.
    eventsPerSecond:
      rates.length === 0 || known.length < rates.length
        ? undefined
        : rounded(known.reduce((sum, rate) => sum + rate, 0)),
    watermarkLagSeconds: lags.length === 0 ? undefined : rounded(Math.max(...lags)),
    ledger: ledgerOf(standing)?.ledger,
    endpoints: api?.kind === 'api' ? given({ api: url, ui: api.ui ? `${url}/` : undefined }) : undefined,
  });
};

export const measuredStatus = (standing: Standing, others: readonly Standing[]): Status => {
  switch (standing.verdict.object.kind) {
    case 'ViralityPipeline':
      return pipelineStatus(standing, others);
    case 'FeatureWindow':
      return windowStatus(standing);
    case 'ScoringModel':
      return modelStatus(standing);
    case 'Feed':
      return feedStatus(standing);
    case 'Recommender':
      return recommenderOf(standing);
    default:
      return {};
  }
};
