import type { HttpReader } from '@groundswell/graph';
import { compileMapping } from '../../mapping/mapping.ts';
import { Misfit } from '../../mapping/misfit.ts';
import type { Row } from '../../mapping/row.ts';
import type { Draft } from '../../validate.ts';

/** Makes the draft of an event of what was sent, or says why it cannot. */
export type DraftOf = (value: Row, now: number) => Draft | string;

/** @throws Error for a mapping that does not compile */
export const createDraftOf = ({ mapping, timeUnit = 'ms', path }: HttpReader): DraftOf => {
  if (mapping === undefined) return ourEvent;
  const compiled = compileMapping({ path, mapping, timeUnit });
  return (row) => {
    const draft = compiled.draft(row, { first: false, root: undefined });
    return draft instanceof Misfit ? `Cannot make an event: ${draft.problem}` : { author_id: '', ...draft };
  };
};

/** A sender that tells of behaviour knows the post and the user; the rest is filled in. */
const ourEvent: DraftOf = (value, now) => {
  if (value['weight'] !== undefined)
    return 'Cannot make an event: who sends events sends all of them; for a part that stands for more, give the source a mapping with weight';
  const { source, ingested_at, at = now, user_id, author_id, ...rest } = value;
  const author = author_id ?? (rest['type'] === 'post' ? user_id : '');
  return { ...rest, at: typeof at === 'string' ? Date.parse(at) : at, user_id, author_id: author } as Draft;
};
