import type { Variant } from '@groundswell/graph';
import { z } from 'zod';
import { type ArtifactAccess, credentialsOf } from '../artifacts/access.ts';
import { fetchFile } from '../artifacts/fetch-file.ts';

/** Of a feature or score in training: bin i holds edges[i − 1] <= value < edges[i]. Shares are of the known values. */
const Distribution = z.object({
  missing: z.number().min(0).max(1),
  edges: z.array(z.number()),
  shares: z.array(z.number()),
});

/** What inputs and scores looked like in training, as the trainer writes it (`summary.py`). */
const Summary = z.object({ features: z.record(z.string(), Distribution), score: Distribution });

const Card = z.object({ candidate: z.object({ sha256: z.string() }), summary: Summary });

export type Distribution = z.output<typeof Distribution>;
export type Summary = z.output<typeof Summary>;

/** The card lies beside the model, as `card.json`. */
const cardUriOf = (uri: string): string | undefined =>
  /^oci:|^configmap:/.test(uri) ? undefined : uri.replace(/[^/]*$/, 'card.json');

/**
 * The training summary of a variant's model; undefined where no card lies beside it, or one of another model. A card is
 * a help and no part of the artifact, so nothing is wrong where it cannot be had.
 */
export const readSummary = async ({ artifact }: Variant, access: ArtifactAccess): Promise<Summary | undefined> => {
  const uri = cardUriOf(artifact.uri);
  if (uri === undefined) return undefined;
  const { endpoint, region } = artifact;
  const at = { ...(endpoint !== undefined && { endpoint }), ...(region !== undefined && { region }) };
  try {
    const credentials = await credentialsOf(access, artifact.secret);
    const bytes = await fetchFile({ uri, ...at, credentials }, access);
    const card = Card.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
    if (!card.success || card.data.candidate.sha256 !== artifact.sha256.toLowerCase()) return undefined;
    return card.data.summary;
  } catch {
    return undefined;
  }
};
