import type { AlertChannel, AlertRule } from '@groundswell/graph';
import type { PostCard, Prediction } from '@groundswell/wire';
import { createConditions } from './conditions.ts';
import { type Message, messageOf } from './message.ts';
import { alertmanagerPayload } from './payloads/alertmanager.ts';
import { mailOf } from './payloads/email.ts';
import { slackPayload } from './payloads/slack.ts';
import { webhookPayload } from './payloads/webhook.ts';
import { createRule } from './rule.ts';
import { createShelf } from './shelf.ts';
import { withWords } from './words.ts';

interface Sample {
  readonly prediction: Prediction;
  readonly card: PostCard;
  readonly channels: readonly AlertChannel[];
  readonly pipeline: string;
  readonly postUrl: string | undefined;
}

interface Preview {
  /** Whether the rule would fire for the sample, for people. */
  readonly holds: string;
  readonly message: Message;
  /** In the order of the channels. */
  readonly bodies: readonly object[];
}

const bodyOf = (channel: AlertChannel, message: Message, pipeline: string): object => {
  switch (channel.kind) {
    case 'slack':
      return slackPayload(message, channel.form);
    case 'email':
      return mailOf(message, channel, pipeline);
    case 'webhook':
      return webhookPayload(message, pipeline);
    case 'alertmanager':
      return alertmanagerPayload(message, { pipeline, labels: channel.labels, standsMs: 3_600_000 });
  }
};

/** What a rule would send for a sample, whether or not its condition holds for it: templates can be tried without a storm. */
export const previewOf = (rule: AlertRule, { prediction, card, channels, pipeline, postUrl }: Sample): Preview => {
  const { scored_at: now, age_ms: age } = prediction;
  const scope = { prediction, post: { ...card, age, reposts: 12 }, windows: {} };
  const holds = createRule(rule).when(scope);
  const always = createRule({ ...rule, when: 'true', forMs: 0 });
  const [verdict] = createConditions([always], createShelf({})).observe(scope, now);
  if (verdict?.kind !== 'fired') throw new Error(`Cannot preview "${rule.name}": it fires for nothing`);
  const why = [{ feature: 'reposts_10m', value: 12, effect: 0.2, text: '12 reposts in 10 minutes' }];
  const alert = withWords(verdict.alert, rule, { card, reposts: 12, why, postUrl });
  const message = messageOf({ rule: rule.name, alerts: [alert], more: 0, at: now, group: alert.group });
  return {
    holds: holds
      ? 'its condition holds for the sample'
      : 'its condition does not hold for the sample (which has no window values), this is how it would look',
    message,
    bodies: channels.map((channel) => bodyOf(channel, message, pipeline)),
  };
};
