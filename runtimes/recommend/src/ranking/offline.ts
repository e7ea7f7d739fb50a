import { compileCel } from '@groundswell/cel';
import type { BlendSpec } from '@groundswell/graph';
import { blend, type Weights } from '@groundswell/recommending';
import type { Ports } from '@groundswell/stores';
import { openOfflineStore } from '../knowledge/open-store.ts';
import type { Entry } from './entry.ts';

/** Scores that are computed elsewhere. */
export interface OfflineScores {
  /** One for each entry, undefined where there is none; undefined for all where the store does not answer in time. */
  read(user: string, entries: readonly Entry[]): Promise<readonly (number | undefined)[] | undefined>;
}

/** @throws CelError for a key that does not compile */
export const openOfflineScores = (
  spec: BlendSpec | undefined,
  ports: Pick<Ports, 'keyValue' | 'logger'>,
): OfflineScores | undefined => {
  if (spec === undefined) return undefined;
  const { store: declared, field } = spec;
  const store = openOfflineStore(declared, ports);
  const keyOf = compileCel(spec.key, { variables: ['event'] });
  return {
    read: async (user, entries) => {
      const keys = entries.map(({ item }) => String(keyOf({ event: { ...item.event, user_id: user } }) ?? ''));
      try {
        const rows = await store.read(keys, [field], declared.timeoutMs);
        return rows.map(([value]) => numberOf(value));
      } catch (err) {
        ports.logger.warn({ err, store: declared.name }, 'cannot read offline scores');
        return undefined;
      }
    },
  };
};

const numberOf = (text: string | undefined): number | undefined => {
  const value = text === undefined || text === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : undefined;
};

/** The score of the model and the one that is computed elsewhere, as one. */
export const blendEntries = (
  entries: readonly Entry[],
  weights: Weights | undefined,
  computed: readonly (number | undefined)[] | undefined,
): readonly Entry[] => {
  if (weights === undefined || computed === undefined) return entries;
  return entries.map((entry, i): Entry => {
    const offline = computed[i];
    return { ...entry, offline, score: blend(weights, { realTime: entry.realTime, offline }) };
  });
};
