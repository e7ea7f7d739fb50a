import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const WrittenFile = z.object({ file: z.string(), sha256: z.string() });
/** With the native model, where it is one of trees. */
const Published = WrittenFile.extend({ native: WrittenFile.optional() });

/** What the trainer says of a run, as far as others decide by it; the file holds more, for people. */
export const TrainerCard = z.object({
  result: z.enum(['Published', 'Refused']),
  message: z.string(),
  rows: z.number().int(),
  positives: z.number().int(),
  /** Newest post that it was trained on, ms. */
  postedTo: z.number().int(),
  candidate: Published.extend({ holdout: z.object({ Auc: z.number().nullable() }) }),
  baseline: Published.optional(),
});
export type TrainerCard = z.output<typeof TrainerCard>;

export const readCard = async (folder: string): Promise<TrainerCard> =>
  TrainerCard.parse(JSON.parse(await readFile(join(folder, 'card.json'), 'utf8')));
