import { z } from 'zod';
import { exactlyOne, type Rule, withRules } from '../../rules.ts';
import { listByName, listOf, mapOf, setOf } from '../../shared/collections.ts';
import { duration, positiveDuration } from '../../shared/duration.ts';
import { live } from '../../shared/field.ts';
import { reference, secretKeyReference } from '../../shared/references.ts';
import { cel, name, text, url } from '../../shared/scalars.ts';

const Smtp = z.strictObject({
  host: live(text(253), 'Mail server.'),
  port: live(z.int().min(1).max(65_535).default(587), 'Its port.'),
  tls: live(z.enum(['StartTls', 'Implicit', 'None']).default('StartTls'), 'Encryption.'),
  usernameRef: live(secretKeyReference().optional(), 'User name.'),
  passwordRef: live(secretKeyReference().optional(), 'Password.'),
  from: live(text(320), 'Sender.'),
  to: live(listOf(text(320), { min: 1, max: 64 }), 'Receivers.'),
});

const receivers = {
  slack: live(
    z
      .strictObject({
        webhookUrlRef: live(secretKeyReference(), 'Address of the incoming webhook.'),
        form: live(z.enum(['Text', 'Blocks']).default('Blocks'), 'Plain text, or Block Kit.'),
      })
      .optional(),
    'Slack.',
  ),
  email: live(Smtp.optional(), 'E-mail.'),
  webhook: live(
    z
      .strictObject({
        url: live(url('https', 'http'), 'Address that is posted to.'),
        signingKeyRef: live(secretKeyReference().optional(), 'Key of the HMAC-SHA256 signature.'),
        headers: live(mapOf(z.string().max(1024), 32).prefault({}), 'More headers; nothing secret.'),
        timeout: live(positiveDuration().prefault('5s'), 'Longest wait for an answer.'),
      })
      .optional(),
    'Any web service.',
  ),
  alertmanager: live(
    z
      .strictObject({
        url: live(url('https', 'http'), 'Address of the Alertmanager.'),
        tokenRef: live(secretKeyReference().optional(), 'Bearer token.'),
        labels: live(mapOf(z.string().max(1024), 32).prefault({}), 'More labels.'),
      })
      .optional(),
    'Prometheus Alertmanager.',
  ),
};

const Channel = withRules(z.strictObject({ name: live(name(), 'Names the channel, for rules.'), ...receivers }), [
  exactlyOne(Object.keys(receivers)),
]);

const clock = () =>
  z
    .string()
    .max(5)
    .regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/, { error: 'write a time of day, as in 22:30' });

const QuietHours = z.strictObject({
  from: live(clock(), 'Begin, as in 22:00.'),
  to: live(clock(), 'End, as in 07:00; before `from` it is on the next day.'),
  timeZone: live(text(64).default('UTC'), 'Time zone of both.'),
  unless: live(
    z.enum(['Info', 'Warning', 'Critical', 'Never']).default('Critical'),
    'Alerts of this severity and above come all the same.',
  ),
});

const AlertRule = z.strictObject({
  name: live(name(), 'Names the rule.'),
  when: live(
    cel(),
    'CEL over `prediction`, `post` and `windows`, as in prediction.score > 0.9 && post.age < 1800000.0.',
  ),
  until: live(cel().optional(), 'CEL that ends the alert, for hysteresis. Absent: when `when` no longer holds.'),
  for: live(duration().prefault('0s'), 'How long `when` must hold first.'),
  modelRef: live(reference().optional(), 'ScoringModel whose predictions it looks at. Absent: all.'),
  severity: live(z.enum(['Info', 'Warning', 'Critical']).default('Warning'), 'How bad it is.'),
  channels: live(setOf(name(), { min: 1, max: 16 }), 'Names of the channels that it goes to.'),
  once: live(
    z
      .strictObject({
        key: live(cel().default('prediction.post_id'), 'CEL: alerts with an equal key are one.'),
        within: live(positiveDuration().prefault('1d'), 'For so long.'),
      })
      .prefault({}),
    'When an alert counts as a repeat.',
  ),
  group: live(
    z
      .strictObject({
        by: live(cel(), 'CEL: alerts with an equal value go out as one message.'),
        wait: live(positiveDuration().prefault('30s'), 'How long is waited for more.'),
      })
      .optional(),
    'Puts alerts together.',
  ),
  maxPerHour: live(
    z.int().min(1).max(100_000).default(60),
    'Messages in an hour, at most; more are counted and summed up in the next.',
  ),
  quietHours: live(QuietHours.optional(), 'When nothing is sent; what happened comes at the end in one message.'),
  title: live(
    text(512).default('{rule}: {post_id} scores {score}'),
    'First line, with {name} for values of the prediction and the post.',
  ),
  text: live(text(8192).optional(), 'Message, with {name} as in the title. Absent: score, age, reasons and a link.'),
});

const channelsExist: Rule<{
  rules: readonly { channels: readonly string[] }[];
  channels: readonly { name: string }[];
}> = {
  cel: 'self.rules.all(r, r.channels.all(c, self.channels.exists(d, d.name == c)))',
  message: 'a rule names a channel that is not in channels',
  holds: ({ rules, channels }) =>
    rules.every((rule) => rule.channels.every((wanted) => channels.some((channel) => channel.name === wanted))),
};

export const Alerts = withRules(
  z.strictObject({
    channels: live(listByName(Channel, { min: 1, max: 16 }), 'Where alerts go.'),
    rules: live(listByName(AlertRule, { max: 64 }).prefault([]), 'When there is one.'),
    history: live(positiveDuration().prefault('30d'), 'How long sent alerts are shown in API and UI.'),
  }),
  [channelsExist],
);
