/** A score as Redis takes it. */
export const scoreText = (score: number): string => {
  if (Number.isFinite(score)) return String(score);
  return score > 0 ? '+inf' : '-inf';
};
