/** Of a prediction on the log: when the stages before it were done, wall times in ms: `ingest,features,score`. */
export const stampsHeader = 'groundswell-stamps';

/** When a prediction came to be, wall times in ms. */
export interface Stamps {
  /** When the event that caused it was taken; undefined where time itself did. */
  readonly ingest: number | undefined;
  /** When its features were read. */
  readonly features: number;
  readonly score: number;
}

export const stampsText = ({ ingest, features, score }: Stamps): string => `${ingest ?? ''},${features},${score}`;

/** undefined: they were not kept, or it is no such text. */
export const stampsOf = (headers: Readonly<Record<string, string>>): Stamps | undefined => {
  const [ingest = '', features, score] = headers[stampsHeader]?.split(',') ?? [];
  const stamps = {
    ingest: ingest === '' ? undefined : Number(ingest),
    features: Number(features),
    score: Number(score),
  };
  return Number.isFinite(stamps.features) && Number.isFinite(stamps.score) ? stamps : undefined;
};
