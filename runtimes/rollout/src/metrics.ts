import type { Metrics } from '@groundswell/process';
import type { RolloutStatus } from '@groundswell/wire';

/** Every metric of a rollout program. All have the label `model`; those of a variant also `variant`. */
export const rolloutMetrics = {
  rollout_step: 'Step that the rollout is in, from 0',
  rollout_labels: 'Matured labels that the verdict rests on',
  rollout_evidence: 'The e-value against "the challenger is no better"',
  rollout_difference: 'Challenger minus champion, in the metric that is compared',
  rollout_missing_labels: 'Posts whose label never came',
  variant_share: 'Percent of keys that the variant is to answer',
  variant_auc: 'ROC-AUC of the variant on matured labels',
} as const;

export const createRolloutMetrics = (metrics: Metrics, model: string) => {
  const gauge = (name: keyof typeof rolloutMetrics) =>
    metrics.gauge(name, rolloutMetrics[name], ['model']).labels(model);
  const [step, labels, evidence] = [gauge('rollout_step'), gauge('rollout_labels'), gauge('rollout_evidence')];
  const [difference, missing] = [gauge('rollout_difference'), gauge('rollout_missing_labels')];
  const share = metrics.gauge('variant_share', rolloutMetrics.variant_share, ['model', 'variant']);
  const auc = metrics.gauge('variant_auc', rolloutMetrics.variant_auc, ['model', 'variant']);
  return {
    tell: (status: RolloutStatus): void => {
      step.set(status.step);
      labels.set(status.verdict.labels);
      evidence.set(status.verdict.evidence);
      if (status.verdict.difference !== null) difference.set(status.verdict.difference);
      missing.set(status.missing);
      for (const variant of [status.champion, status.challenger]) {
        share.set({ model, variant: variant.name }, variant.share);
        if (variant.auc !== null) auc.set({ model, variant: variant.name }, variant.auc);
      }
    },
  };
};
