import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Played } from '../path/play.ts';

export const root = join(import.meta.dirname, '..', '..');
/** Real posts, where there are any; never copied into the project. */
export const dataFolder = (name: string): string => join(root, '..', 'shared', 'data', name);

const folders: string[] = [];
export const temporary = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'groundswell-test-'));
  folders.push(folder);
  return folder;
};
export const removeTemporary = (): void => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
};

/** A champion that is its own challenger, until the training proposes another one. @param rules of the rollout, as lines */
export const variantsYaml = (artifact: string, rules: string): string => `  variants:
    - { name: champion, share: 90, artifact: ${artifact} }
    - { name: challenger, share: 10, artifact: ${artifact} }
  rollout:
    champion: champion
    challenger: challenger
    autoPromote: true
    guardrails: { maxScorePsi: 100, maxCalibrationError: 1 } # another kind of model may score otherwise
${rules}
    steps: [{ shadow: { for: 1h } }, { gate: { verdict: Healthy } }, { share: 20 }, { gate: { verdict: Better } }]
`;

export interface TrainingWanted {
  readonly schedule: string;
  readonly algorithm: string;
  /** Gates, as lines. */
  readonly gates: string;
}

export const trainingYaml = ({ schedule, algorithm, gates }: TrainingWanted): string => `  training:
    schedule: "${schedule}"
    algorithm: ${algorithm}
    publish: { volume: { claimName: models }, proposeAs: challenger }
${gates}
`;

/** Folders of the artifacts that training published, by time. */
export const published = (trainingDirectory: string): readonly string[] => {
  const folder = join(trainingDirectory, 'models', 'virality');
  return existsSync(folder)
    ? readdirSync(folder)
        .sort()
        .map((name) => join(folder, name))
    : [];
};

/** Decisions on the first challenger that training made, in order. */
export const decisionsOnFirst = ({ decisions }: Played): Played['decisions'] => {
  const [first] = decisions;
  const made = decisions.filter(({ challenger }) => challenger.sha256 !== first?.champion.sha256);
  return made.filter(({ challenger }) => challenger.sha256 === made[0]?.challenger.sha256);
};

/** The phases that it went through. */
export const phasesOf = (played: Played): readonly string[] =>
  decisionsOnFirst(played)
    .map(({ phase }) => phase)
    .filter((phase, i, phases) => phase !== phases[i - 1]);
