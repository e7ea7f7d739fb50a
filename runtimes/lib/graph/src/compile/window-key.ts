import type { FeatureWindow } from '@groundswell/crds';
import { isEventField } from '../environments.ts';

/** How templates name a field of the key: by its last part. */
export const keyName = (field: string): string => field.slice(field.lastIndexOf('.') + 1);

/** Names of the key's fields in templates, in order. */
export const keyNames = ({ key }: Pick<FeatureWindow['spec'], 'key'>): readonly string[] => key.map(keyName);

/** Whether it is a field of a row that the window joins. */
export const isJoinedField = ({ joins }: Pick<FeatureWindow['spec'], 'joins'>, field: string): boolean =>
  joins.some(({ name }) => field.startsWith(`${name}.`));

/** Whether events can be counted by the field: it is there, and known when the event happens. */
export const isKeyField = (spec: Pick<FeatureWindow['spec'], 'joins'>, field: string): boolean =>
  isJoinedField(spec, field) || (isEventField(field) && !field.startsWith('outcome.'));
