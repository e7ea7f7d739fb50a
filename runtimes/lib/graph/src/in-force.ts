import { revisionOf, type Unhashed } from './compile/revision.ts';
import type { RolloutProgram, ScorerProgram, Variant } from './programs/index.ts';

/** As a rollout reports it. */
export interface Demand {
  readonly model: string;
  /** Digest of the challenger that it was decided about. */
  readonly challenger: string;
  /** Of 100, for each variant that it decides about. */
  readonly shares: Readonly<Record<string, number>>;
  /** Whether they are still compared. */
  readonly compared: boolean;
  /** Variants that need not be kept warm any more. */
  readonly retired: readonly string[];
}

/** As a trainer reports it. */
export interface Proposal {
  readonly model: string;
  /** In force instead of what the resource names, by variant. */
  readonly artifacts: Readonly<Record<string, Variant['artifact']>>;
}

/** With the revision of what it is now. */
const rehashed = <P extends ScorerProgram | RolloutProgram>(program: P): P => {
  const { revision: _, ...rest } = program;
  return { ...program, revision: revisionOf(rest as Unhashed) };
};

/** The scorer with the artifacts that its trainer proposed. */
export const scorerWith = (program: ScorerProgram, proposal: Proposal | undefined): ScorerProgram => {
  if (proposal === undefined || proposal.model !== program.model) return program;
  const variants = program.variants.map((variant) => ({
    ...variant,
    artifact: proposal.artifacts[variant.name] ?? variant.artifact,
  }));
  return rehashed({ ...program, variants });
};

/** The rollout of the artifacts that the trainer proposed. */
export const rolloutWith = (program: RolloutProgram, proposal: Proposal | undefined): RolloutProgram => {
  if (proposal === undefined || proposal.model !== program.model) return program;
  const withProposed = ({ name, sha256 }: RolloutProgram['champion']): RolloutProgram['champion'] => ({
    name,
    sha256: proposal.artifacts[name]?.sha256 ?? sha256,
  });
  return rehashed({
    ...program,
    champion: withProposed(program.champion),
    challenger: withProposed(program.challenger),
  });
};

/** The scorer as its rollout has it now. The resource says what is wanted in the end; this is how far it has come. */
export const inForce = (program: ScorerProgram, demand: Demand | undefined): ScorerProgram => {
  if (demand === undefined || demand.model !== program.model) return program;
  const { challenger, shares, compared, retired } = demand;
  // Of a new challenger nothing was decided yet, whatever share the one before it had.
  if (!program.variants.some(({ name, artifact }) => name in shares && artifact.sha256 === challenger)) return program;
  const variants = program.variants
    .filter(({ name }) => !retired.includes(name))
    .map((variant) => {
      const share = shares[variant.name];
      return share === undefined
        ? variant
        : { ...variant, share, ...(variant.compared === undefined ? {} : { compared }) };
    });
  return rehashed({ ...program, variants });
};
