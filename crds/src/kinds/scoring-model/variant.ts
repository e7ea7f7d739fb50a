import { z } from 'zod';
import { withRules } from '../../rules.ts';
import { listByName } from '../../shared/collections.ts';
import { live, rolling } from '../../shared/field.ts';
import { secretKeyReference, secretReference } from '../../shared/references.ts';
import { name, percent, sha256, text, url } from '../../shared/scalars.ts';

/** An ONNX file, wherever it lies. Also used for the small models of other kinds. */
export const artifact = () =>
  z.strictObject({
    uri: live(
      text(2048),
      "Path (relative to the resource's file), or file:, https:, s3:, oci:, pvc://claim/path or configmap://name/key.",
    ),
    sha256: live(sha256(), 'Digest of the ONNX file. Another one is not served.'),
    secretRef: live(
      secretReference().optional(),
      'Access: keys accessKey and secretKey, username and password, or token.',
    ),
    endpoint: live(url('https', 'http').optional(), 'Address of an S3-compatible store. Absent: that of AWS.'),
    region: live(text(64).optional(), 'Region of the S3 store.'),
    signature: live(
      z
        .strictObject({
          publicKeyRef: live(secretKeyReference(), 'Public key, PEM.'),
          uri: live(text(2048).optional(), 'Where the signature lies. Absent: beside the file, with .sig at the end.'),
        })
        .optional(),
      'A signature by cosign that must be right, too.',
    ),
    explainer: live(
      z
        .strictObject({
          uri: live(text(2048), 'The native model (JSON or text).'),
          sha256: live(sha256(), 'Its digest.'),
        })
        .optional(),
      'The XGBoost or LightGBM model of the ONNX file, for exact contributions of features.',
    ),
  });

const Variant = withRules(
  z.strictObject({
    name: live(name(), 'Names the variant, in predictions and reports.'),
    artifact: live(artifact(), 'The model.'),
    share: live(
      percent().default(0),
      'Percent of keys that it answers. The shares of all that are not shadows add up to 100.',
    ),
    shadow: live(z.boolean().default(false), 'Scores and logs, and never answers.'),
    output: rolling(text(128).optional(), 'Output of the ONNX file that holds the score. Absent: found by its shape.'),
    positiveClass: rolling(
      z.int().min(0).max(100_000).default(1),
      'Class of a classifier whose probability is the score.',
    ),
  }),
  [
    {
      cel: '!self.shadow || self.share == 0.0',
      message: 'share must be 0 for a shadow, which never answers',
      holds: ({ shadow, share }) => !shadow || share === 0,
    },
  ],
);

export const variants = () => listByName(Variant, { max: 16 });
