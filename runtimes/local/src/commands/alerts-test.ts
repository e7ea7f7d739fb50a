import { createSend } from '@groundswell/alerter';
import { previewOf } from '@groundswell/alerting';
import type { AlertChannel, AlerterProgram, AlertRule } from '@groundswell/graph';
import { createValues, systemClock } from '@groundswell/process';
import { Prediction } from '@groundswell/wire';
import { stringify } from 'yaml';
import { loadPrograms } from '../load.ts';
import { baseDirectoryOf } from '../resources.ts';

export interface AlertsTestOptions {
  readonly file: readonly string[];
  readonly rule?: string;
  readonly score: number;
  /** ms. */
  readonly age: number;
  readonly text: string;
  readonly send?: boolean;
}

const alerterOf = async (file: readonly string[]): Promise<AlerterProgram> => {
  const { programs } = await loadPrograms(file, 'local');
  const found = programs.find((program) => program.kind === 'alerter');
  if (found === undefined)
    throw new Error('Cannot test alerts: the pipeline has none, spec.alerts with channels and rules is needed');
  return found;
};

const rulesOf = ({ rules }: AlerterProgram, wanted: string | undefined): readonly AlertRule[] => {
  const found = rules.filter(({ name }) => wanted === undefined || name === wanted);
  if (found.length > 0) return found;
  const names = rules.map(({ name }) => name).join(', ');
  throw new Error(`Cannot test the rule "${wanted ?? ''}": there is none of that name, one of ${names} is needed`);
};

/** A post that does not exist, as it would be scored now. */
const sampleOf = ({ score, age }: AlertsTestOptions, model: string, now: number): Prediction =>
  Prediction.parse({
    ...{ model, variant: 'champion', digest: '', shadow: false, post_id: 'post-1', author_id: 'author-1' },
    ...{ posted_at: now - age, scored_at: now, age_ms: age, trigger: 'age', score, vector: [], latency_ms: null },
  });

/** Shows what each channel of each rule would get, for a made-up post; and sends it where that is asked for. */
export const alertsTest = async (options: AlertsTestOptions): Promise<void> => {
  const program = await alerterOf(options.file);
  const directory = await baseDirectoryOf(options.file);
  const values = createValues({ directories: [directory], env: process.env });
  const { pipeline, postUrl, rules: all } = program;
  const now = systemClock.now();
  for (const rule of rulesOf(program, options.rule)) {
    const prediction = sampleOf(options, rule.model ?? 'virality', now);
    const card = { post_id: 'post-1', author_id: 'author-1', author_name: 'Ada', text: options.text, posted_at: now };
    const channels = program.channels.filter(({ name }) => rule.channels.includes(name));
    const { holds, message, bodies } = previewOf(rule, { prediction, card, channels, pipeline, postUrl });
    process.stdout.write(`# Rule ${rule.name}: ${holds}\n`);
    for (const [i, channel] of channels.entries()) {
      process.stdout.write(`# To ${channel.name} (${channel.kind})\n${stringify(bodies[i])}`);
      if (options.send !== true) continue;
      const answer = await createSend(channel, { pipeline, values, clock: systemClock, rules: all })(message);
      process.stdout.write(`# ${answerText(channel, answer)}\n`);
      if (answer.kind !== 'sent') process.exitCode = 1;
    }
  }
};

const answerText = ({ name }: AlertChannel, answer: Awaited<ReturnType<ReturnType<typeof createSend>>>): string =>
  answer.kind === 'sent' ? `Sent to ${name}` : `Cannot send to ${name}: ${answer.problem}`;
