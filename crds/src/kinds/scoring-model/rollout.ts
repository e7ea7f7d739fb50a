import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { listOf, setOf } from '../../shared/collections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live } from '../../shared/field.ts';
import { fraction, name, percent } from '../../shared/scalars.ts';

const steps = {
  shadow: live(
    z.strictObject({ for: live(positiveDuration(), 'How long.') }).optional(),
    'The challenger scores and logs, and answers nobody.',
  ),
  share: live(percent().optional(), 'Percent of keys that the challenger answers from here on.'),
  pause: live(
    z
      .strictObject({ for: live(positiveDuration().optional(), 'How long. Absent: until a person promotes.') })
      .optional(),
    'Waits.',
  ),
  gate: live(
    z
      .strictObject({
        verdict: live(
          z.enum(['Better', 'NotWorse', 'Healthy']),
          'What the evidence must say: better, not worse, or only that guardrails hold.',
        ),
        timeout: live(positiveDuration().prefault('72h'), 'Longest wait for it.'),
        onTimeout: live(
          z.enum(['Pause', 'Abort']).default('Pause'),
          'What too little evidence leads to. Never a promotion.',
        ),
      })
      .optional(),
    'Waits for evidence.',
  ),
};

const Step = withRules(z.strictObject(steps), [exactlyOne(Object.keys(steps))]);

const Guardrails = z.strictObject({
  maxLatency: live(
    positiveDuration().optional(),
    'From a post to its prediction, 99th percentile. Absent: `goals.prediction` of the pipeline, in a cluster.',
  ),
  maxErrors: live(fraction().default(0.001), 'Share of requests that fail.'),
  maxCalibrationError: live(fraction().default(0.1), 'Expected calibration error.'),
  maxScorePsi: live(
    z.number().min(0).default(0.5),
    'Population stability index of its scores against those of the champion.',
  ),
});

const Evidence = z.strictObject({
  metric: live(z.enum(['Auc', 'LogLoss', 'Brier', 'LiftAt10']).default('Auc'), 'What is compared.'),
  alpha: live(z.number().gt(0).max(0.5).default(0.05), 'Probability of a wrong promotion, however often one looks.'),
  minEffect: live(z.number().min(0).default(0), 'Improvement that is worth a change.'),
  margin: live(z.number().min(0).default(0.005), 'Loss that still counts as not worse.'),
  minLabels: live(
    z.int().min(10).max(100_000_000).default(1000),
    'Matured labels for each variant before any verdict.',
  ),
  splitAlpha: live(
    z.number().gt(0).max(0.5).default(0.001),
    'Below this probability of the split that is seen, nothing is concluded: something is wrong with it.',
  ),
  ages: live(
    listOf(duration(), { max: 8 }).prefault([]),
    'Ages of posts whose scores count. Empty: those of score.at.',
  ),
});

const differs: Rule<{ champion: string; challenger: string }> = {
  cel: 'self.champion != self.challenger',
  message: 'champion and challenger must be two variants',
  holds: ({ champion, challenger }) => champion !== challenger,
};

/** How a challenger becomes the champion. */
export const Rollout = withRules(
  z.strictObject({
    champion: live(name(), 'Variant that answers when in doubt.'),
    challenger: live(name(), 'Variant that wants to become the champion.'),
    steps: live(
      listOf(Step, { min: 1, max: 32 }).prefault([
        { shadow: { for: '1h' } },
        { gate: { verdict: 'Healthy' } },
        { share: 10 },
        { gate: { verdict: 'NotWorse' } },
        { share: 50 },
        { gate: { verdict: 'Better' } },
      ]),
      'What happens, in order. After the last the challenger is promoted, if autoPromote says so.',
    ),
    autoPromote: live(
      z.boolean().default(false),
      'Promotes without a person. The verdict stands in status either way.',
    ),
    abort: live(z.boolean().default(false), 'Gives everything back to the champion, now.'),
    evidence: live(Evidence.prefault({}), 'How the variants are compared.'),
    guardrails: live(Guardrails.prefault({}), 'What aborts the rollout at once.'),
    require: live(
      setOf(z.enum(['FeaturesFresh', 'Conserved', 'GoalsMet']), { max: 3 }).prefault(['FeaturesFresh']),
      'What must hold of the pipeline before a step.',
    ),
    rollbackWindow: live(
      duration().prefault('24h'),
      'How long the former champion is kept warm, to switch back at once.',
    ),
  }),
  [differs],
);
