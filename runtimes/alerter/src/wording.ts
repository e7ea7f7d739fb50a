import { type FiredAlert, type Known, type Shelf, saysWhy, withWords } from '@groundswell/alerting';
import type { AlerterProgram } from '@groundswell/graph';
import type { KeyValue } from '@groundswell/stores';
import { type Alert, keysOf, PostCard, Reason } from '@groundswell/wire';

/** Alerts that fired and have no words yet. */
export interface Wording {
  take(alert: FiredAlert, now: number): void;
  /** Those that have their words now. */
  ready(now: number): Promise<readonly Alert[]>;
}

/** Why a post scored is known a moment later than that it did, and of the top alone. So long it is waited for, ms. */
const reasonsWithinMs = 750;

interface Unworded {
  readonly alert: FiredAlert;
  /** Wall time, ms. */
  readonly since: number;
}

const parsed = <T>(
  schema: { safeParse(value: unknown): { readonly data?: T | undefined } },
  text: string | undefined,
): T | undefined => (text === undefined ? undefined : schema.safeParse(JSON.parse(text)).data);

export const createWording = (program: () => AlerterProgram, keyValue: KeyValue, shelf: Shelf): Wording => {
  const cells = shelf.cells<Unworded>('new');
  const keys = keysOf(program().pipeline);

  const look = async (alerts: readonly FiredAlert[]): Promise<readonly Known[]> => {
    const { postUrl } = program();
    const batch = keyValue.batch();
    const asked = alerts.map(({ post_id, model }) => ({
      post: batch.hashGet(keys.post(post_id), ['card', 'reposts']),
      why: batch.hashGet(keys.why(model), [post_id]),
    }));
    await batch.run();
    return asked.map(({ post, why }) => {
      const [card, reposts] = post.value();
      return {
        card: parsed(PostCard, card),
        reposts: reposts === undefined ? undefined : Number(reposts),
        why: parsed(Reason.array(), why.value()[0]) ?? [],
        postUrl,
      };
    });
  };

  return {
    take: (alert, now) => cells.set(alert.id, { alert, since: now }),
    ready: async (now) => {
      const waiting = [...cells.entries()].map(([, each]) => each);
      if (waiting.length === 0) return [];
      const known = await look(waiting.map(({ alert }) => alert));
      return waiting.flatMap(({ alert, since }, i): readonly Alert[] => {
        const rule = program().rules.find(({ name }) => name === alert.rule);
        const of = known[i];
        if (rule === undefined || of === undefined) {
          cells.delete(alert.id);
          return [];
        }
        if (saysWhy(rule) && of.why.length === 0 && now - since < reasonsWithinMs) return [];
        cells.delete(alert.id);
        return [withWords(alert, rule, of)];
      });
    },
  };
};
