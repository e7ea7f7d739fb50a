import type { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';
import type { Kind } from './kube.ts';

/** A construct that stands for one resource of ours, and can be pointed at. */
export interface Named<K extends Kind = Kind> {
  readonly kind: K;
  readonly name: string;
  readonly resource: ApiObject;
}

/** Fields that point at another resource, by the field's name. */
interface References {
  readonly windowRef: Named<'FeatureWindow'>;
  readonly modelRef: Named<'ScoringModel'>;
  readonly feedRef: Named<'Feed'>;
}

/** A reference by name; without this a construct of any kind would pass for one. */
type ByName<T> = T extends object ? T & { readonly kind?: never } : T;

/**
 * A spec in which the construct itself may stand wherever the resource has a reference by name. `ref` is a window in
 * `features[].window`, and an offline store, which is no resource, in `features[].offline`.
 */
export type ByObject<T, Under = never> = T extends readonly (infer Item)[]
  ? readonly ByObject<Item>[]
  : T extends object
    ? {
        [K in keyof T]: K extends keyof References
          ? ByName<T[K]> | References[K]
          : K extends 'ref'
            ? Under extends 'window'
              ? ByName<T[K]> | Named<'FeatureWindow'>
              : ByName<T[K]>
            : ByObject<T[K], K>;
      }
    : T;

const isNamed = (value: object): value is Named & Construct => value instanceof Construct && 'resource' in value;

/** The spec as it is applied, and the constructs that it pointed at. */
export const byName = (spec: unknown): { readonly spec: unknown; readonly uses: readonly Named[] } => {
  const uses: Named[] = [];
  const named = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (isNamed(value)) {
      uses.push(value);
      return { name: value.name };
    }
    if (Array.isArray(value)) return value.map(named);
    // What is no plain object (a Lazy of cdk8s) is resolved by cdk8s later.
    if (Object.getPrototypeOf(value) !== Object.prototype) return value;
    return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, named(child)]));
  };
  return { spec: named(spec), uses };
};
