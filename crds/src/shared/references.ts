import { z } from 'zod';
import { name } from './scalars.ts';

const objectName = () =>
  z
    .string()
    .min(1)
    .max(253)
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
      error: ({ input }) => `${JSON.stringify(input)} is no name of a Kubernetes object`,
    });

const dataKey = () =>
  z
    .string()
    .min(1)
    .max(253)
    .regex(/^[-._a-zA-Z0-9]+$/, {
      error: ({ input }) => `${JSON.stringify(input)} is no key of a Secret or ConfigMap`,
    });

/** Points at another resource of ours in the same namespace. */
export const reference = () =>
  z.strictObject({ name: name().describe('Name of the resource, in the same namespace.') });

/** A value in a Secret. */
export const secretKeyReference = () =>
  z.strictObject({
    name: objectName().describe('Name of the Secret, in the same namespace.'),
    key: dataKey().describe('Key in it.'),
  });

/** A whole Secret. */
export const secretReference = () =>
  z.strictObject({ name: objectName().describe('Name of the Secret, in the same namespace.') });

/** A value in a ConfigMap. */
export const configMapKeyReference = () =>
  z.strictObject({
    name: objectName().describe('Name of the ConfigMap, in the same namespace.'),
    key: dataKey().describe('Key in it.'),
  });
