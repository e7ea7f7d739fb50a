import { ProblemError } from '@groundswell/http';
import type { KeyValue } from '@groundswell/stores';
import { Alert, AlertDelivery, type AlertEntry, type Alerts, keysOf } from '@groundswell/wire';

interface Page {
  readonly limit: number;
  /** Id of the last alert of the page before. */
  readonly after: string | undefined;
}

const deliveriesIn = (hash: Readonly<Record<string, string>>): AlertDelivery[] =>
  Object.entries(hash)
    .filter(([field]) => field.startsWith('channel:'))
    .map(([, text]) => AlertDelivery.parse(JSON.parse(text)))
    .sort((a, b) => (a.channel < b.channel ? -1 : 1));

/** Undefined of what has expired meanwhile. */
const entryOf = (hash: Readonly<Record<string, string>>): AlertEntry | undefined => {
  const { alert, ended } = hash;
  if (alert === undefined) return undefined;
  return {
    ...Alert.parse(JSON.parse(alert)),
    ...(ended !== undefined && { state: 'ended', ended_at: Number(ended) }),
    deliveries: deliveriesIn(hash),
  };
};

/** A page of the history, newest first. @throws ProblemError where the page before it is gone */
export const readAlerts = async (keyValue: KeyValue, pipeline: string, { limit, after }: Page): Promise<Alerts> => {
  const keys = keysOf(pipeline);
  const list = keyValue.batch();
  const listed = list.sortedRange(keys.alerts, 0, after === undefined ? limit : -1, { reverse: true });
  await list.run();
  const ids = listed.value().map(({ member }) => member);
  const from = after === undefined ? 0 : ids.indexOf(after) + 1;
  if (after !== undefined && from === 0)
    throw new ProblemError(
      400,
      `Cannot list alerts after "${after}": there is no such alert (any more), start without it`,
    );
  const page = ids.slice(from, from + limit);
  if (page.length === 0) return { alerts: [] };
  const batch = keyValue.batch();
  const found = page.map((id) => batch.hashGetAll(keys.alert(id)));
  await batch.run();
  const next = ids.length > from + limit ? page.at(-1) : undefined;
  return { alerts: found.flatMap((reply) => entryOf(reply.value()) ?? []), ...(next !== undefined && { next }) };
};
