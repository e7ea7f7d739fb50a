import { z } from 'zod';
import { type Rule, withRules } from '../rules.ts';
import { positiveDuration } from './duration.ts';
import { rolling } from './field.ts';
import { configMapKeyReference, secretKeyReference } from './references.ts';

const bothOrNeither: Rule<{ certRef?: unknown; keyRef?: unknown }> = {
  cel: 'has(self.certRef) == has(self.keyRef)',
  message: 'give certRef and keyRef together, or neither',
  holds: ({ certRef, keyRef }) => (certRef === undefined) === (keyRef === undefined),
};

/** An encrypted connection, as a client. `{}` trusts the usual authorities. */
export const tls = () =>
  withRules(
    z.strictObject({
      caRef: rolling(secretKeyReference().optional(), 'Certificate of the authority to trust, PEM, in a Secret.'),
      caConfigMapRef: rolling(configMapKeyReference().optional(), 'The same, in a ConfigMap.'),
      certRef: rolling(secretKeyReference().optional(), 'Own certificate, PEM.'),
      keyRef: rolling(secretKeyReference().optional(), 'Key of the own certificate, PEM.'),
      serverName: rolling(
        z.string().min(1).max(253).optional(),
        'Name that the server proves, where it is not the host.',
      ),
      verify: rolling(z.enum(['Full', 'None']).default('Full'), 'None takes any certificate: for trying out only.'),
    }),
    [bothOrNeither],
  );

export const sasl = () =>
  z.strictObject({
    mechanism: rolling(z.enum(['Plain', 'ScramSha256', 'ScramSha512']), 'How to log in.'),
    usernameRef: rolling(secretKeyReference(), 'User name.'),
    passwordRef: rolling(secretKeyReference(), 'Password.'),
  });

/** Waiting times between attempts: doubled from `initial` up to `max`, each with jitter. */
export const backoff = (preset: { readonly initial: string; readonly max: string }) =>
  z.strictObject({
    initial: rolling(positiveDuration().prefault(preset.initial), 'Wait before the second attempt.'),
    max: rolling(positiveDuration().prefault(preset.max), 'Longest wait.'),
  });

/** What happens to a record that a consumer group cannot use. */
export const retryPolicy = () =>
  z.strictObject({
    attempts: rolling(z.int().min(1).max(100).default(3), 'Attempts before a record goes to the dead letters.'),
    backoff: rolling(backoff({ initial: '100ms', max: '10s' }).prefault({}), 'Waits between attempts.'),
  });
