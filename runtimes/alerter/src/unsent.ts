import type { OutRecord } from '@groundswell/stores';
import { type DeadLetter, encodeJson } from '@groundswell/wire';

interface Unsent extends Pick<DeadLetter, 'group' | 'reason' | 'origin' | 'at'> {
  /** Who did not take it. */
  readonly receiver: string;
  readonly id: string;
  readonly body: string;
}

/** A message that was given up, as a dead letter. */
export const unsentLetter = ({ receiver, id, body, ...about }: Unsent): OutRecord => {
  const letter: DeadLetter = { ...about, offset: id, raw: Buffer.from(body).toString('base64') };
  return { key: `${receiver}/${id}`, value: encodeJson(letter) };
};
