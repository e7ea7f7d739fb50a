import { z } from 'zod';

type Named = z.ZodType<{ readonly name: string }>;

const repeated = (values: readonly unknown[]): number => values.findIndex((value, i) => values.indexOf(value) < i);

interface Size {
  readonly min?: number;
  readonly max: number;
}

/** A list that is replaced as a whole by whoever applies it. */
export const listOf = <T extends z.ZodType>(item: T, { min = 0, max }: Size) =>
  bounded(z.array(item), { min, max }).meta({ 'x-kubernetes-list-type': 'atomic' });

/** A list of strings without repeats, to which several appliers may add. */
export const setOf = <T extends z.ZodType<string>>(item: T, { min = 0, max }: Size) =>
  bounded(z.array(item), { min, max })
    .meta({ 'x-kubernetes-list-type': 'set' })
    .superRefine((items, context) => {
      const index = repeated(items);
      if (index < 0) return;
      context.addIssue({ code: 'custom', path: [index], message: `${JSON.stringify(items[index])} stands twice` });
    });

/** A list whose items are told apart by `name`: names do not repeat, and several appliers may own different items. */
export const listByName = <T extends Named>(item: T, { min = 0, max }: Size) =>
  bounded(z.array(item), { min, max })
    .meta({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] })
    .superRefine((items, context) => {
      const names = items.map(({ name }) => name);
      const index = repeated(names);
      if (index < 0) return;
      const message = `${JSON.stringify(names[index])} stands twice: names must differ`;
      context.addIssue({ code: 'custom', path: [index, 'name'], message });
    });

/** A map from free keys to values of one shape. */
export const mapOf = <T extends z.ZodType>(value: T, max: number) =>
  z
    .record(z.string(), value)
    .meta({ maxProperties: max })
    .refine((map) => Object.keys(map).length <= max, { message: `has too many entries: at most ${max}` });

const bounded = <T extends z.ZodArray>(list: T, { min, max }: Required<Size>): T =>
  (min === 0 ? list.max(max) : list.min(min).max(max)) as T;
