import { type ArtifactAccess, readCardOf } from '@groundswell/artifacts';
import type { Variant } from '@groundswell/graph';
import { z } from 'zod';

/** Of a feature or score in training: bin i holds edges[i − 1] <= value < edges[i]. Shares are of the known values. */
const Distribution = z.object({
  missing: z.number().min(0).max(1),
  edges: z.array(z.number()),
  shares: z.array(z.number()),
});

/** What inputs and scores looked like in training, as the trainer writes it (`summary.py`). */
const Summary = z.object({ features: z.record(z.string(), Distribution), score: Distribution });

const Card = z.object({ summary: Summary });

export type Distribution = z.output<typeof Distribution>;
export type Summary = z.output<typeof Summary>;

/** The training summary of a variant's model; undefined where no card lies beside it, or one of another model. */
export const readSummary = async ({ artifact }: Variant, access: ArtifactAccess): Promise<Summary | undefined> =>
  Card.safeParse(await readCardOf(artifact, access)).data?.summary;
