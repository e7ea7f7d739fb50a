/** What the two variants said of a post at one age. The one that did not score is absent. */
export interface Scores {
  readonly champion?: number;
  readonly challenger?: number;
}

/** A post whose label has matured, with the scores that were logged before. */
export interface LabelledPost {
  readonly positive: boolean;
  /** In one order of ages for all posts; null for an age at which nobody scored. Scores are probabilities. */
  readonly ages: readonly (Scores | null)[];
}

/** Who scored a post: both, or only the one that answered. */
export type Arm = 'paired' | 'champion' | 'challenger';

/** The arm of a post; undefined where neither variant scored it. A post that both scored at some age is paired. */
export const armOf = ({ ages }: LabelledPost): Arm | undefined => {
  let [champion, challenger] = [false, false];
  for (const scores of ages) {
    if (scores?.champion !== undefined && scores.challenger !== undefined) return 'paired';
    champion ||= scores?.champion !== undefined;
    challenger ||= scores?.challenger !== undefined;
  }
  if (champion && challenger) return undefined;
  if (champion) return 'champion';
  return challenger ? 'challenger' : undefined;
};
