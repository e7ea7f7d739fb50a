import type { ScorerProgram } from './programs/index.ts';

/** As a rollout reports it. */
interface Demand {
  readonly model: string;
  /** Of 100, for each variant that it decides about. */
  readonly shares: Readonly<Record<string, number>>;
  /** Whether they are still compared. */
  readonly compared: boolean;
  /** Variants that need not be kept warm any more. */
  readonly retired: readonly string[];
}

/** The scorer as its rollout has it now. The resource says what is wanted in the end; this is how far it has come. */
export const inForce = (program: ScorerProgram, demand: Demand | undefined): ScorerProgram => {
  if (demand === undefined || demand.model !== program.model) return program;
  const { shares, compared, retired } = demand;
  const variants = program.variants
    .filter(({ name }) => !retired.includes(name))
    .map((variant) => {
      const share = shares[variant.name];
      return share === undefined
        ? variant
        : { ...variant, share, ...(variant.compared === undefined ? {} : { compared }) };
    });
  return { ...program, variants };
};
