import type { Metrics } from '@groundswell/process';
import type { Intake } from './intake.ts';
import type { SourceReader } from './source-reader.ts';

export interface IngestMetrics {
  took(intake: Intake, now: number): void;
  observe(reader: SourceReader, forgottenIds: number): void;
}

/** @param live  Whether event time is about now; the lag of a replay would say nothing. */
export const createIngestMetrics = (metrics: Metrics, source: string, live: boolean): IngestMetrics => {
  const events = metrics.counter('ingest_events_total', 'Events that a source gave, by what became of them', [
    'source',
    'outcome',
  ]);
  const outcome = (name: string) => events.labels({ source, outcome: name });
  const [written, duplicate, deadLettered] = [outcome('written'), outcome('duplicate'), outcome('dead_lettered')];
  const lag = metrics.gauge('ingest_lag_seconds', 'Wall time behind the newest event of a live source', ['source']);
  const ignored = metrics.counter('ingest_ignored_total', 'What a source gave that is no event of ours', [
    'source',
    'kind',
  ]);
  const forgotten = metrics.counter('ingest_ids_forgotten_total', 'Ids forgotten before their span was over', [
    'source',
  ]);
  const disconnects = metrics.counter('ingest_disconnects_total', 'Connections to the source that ended', [
    'source',
    'reason',
  ]);
  const used = metrics.gauge('ingest_quota_used', 'Posts read in the period of a metered source', ['source']);
  const share = metrics.gauge('ingest_quota_share', 'Share of posts that a metered source is asked for, 0 to 1', [
    'source',
  ]);
  const told = new Map<string, number>();
  const since = (what: string, count: number): number => {
    const more = count - (told.get(what) ?? 0);
    told.set(what, count);
    return more;
  };
  return {
    took: ({ ledger, eventTime }, now) => {
      if (ledger.written > 0) written.inc(ledger.written);
      if (ledger.duplicate > 0) duplicate.inc(ledger.duplicate);
      if (ledger.deadLettered > 0) deadLettered.inc(ledger.deadLettered);
      if (live && eventTime !== undefined) lag.set({ source }, Math.max(0, now - eventTime) / 1000);
    },
    observe: (reader, forgottenIds) => {
      const quota = reader.quota?.();
      if (quota !== undefined) {
        used.set({ source }, quota.used);
        share.set({ source }, quota.share);
      }
      forgotten.inc({ source }, since('forgotten', forgottenIds));
      for (const [kind, count] of Object.entries(reader.ignored())) {
        ignored.inc({ source, kind }, since(`ignored ${kind}`, count));
      }
      for (const [reason, count] of Object.entries(reader.disconnects?.() ?? {})) {
        disconnects.inc({ source, reason }, since(`disconnect ${reason}`, count));
      }
    },
  };
};
