import type { Construct } from 'constructs';
import { KubeFeatureWindow, type Spec } from './kube.ts';
import { Member, type MemberProps } from './member.ts';
import type { ByObject } from './references.ts';
import type { Feature } from './scoring-model.ts';

type Written = ByObject<Omit<Spec<'FeatureWindow'>, 'pipelineRef'>>;
type Aggregation = NonNullable<Written['aggregations']>[number];

export type FeatureWindowProps<Field extends string = string> = MemberProps &
  Omit<Written, 'aggregations'> & {
    /** The values of a window; their names are the fields that features may read. */
    readonly aggregations?: readonly (Omit<Aggregation, 'name'> & { readonly name: Field })[];
  };

type FeatureOptions = Pick<Feature, 'default' | 'maxStaleness' | 'hidden' | 'type'> &
  Pick<NonNullable<Feature['window']>, 'key' | 'combine'> & {
    /** Absent: the name of the field. */
    readonly name?: string;
  };

/** An event-time aggregation or pattern. `Field`: names of its aggregations, which the compiler holds its readers to. */
export class FeatureWindow<Field extends string = string> extends Member<'FeatureWindow'> {
  readonly kind = 'FeatureWindow';

  constructor(scope: Construct, id: string, props: FeatureWindowProps<Field>) {
    super(scope, id, { props, as: KubeFeatureWindow });
  }

  /** A feature of a model that reads one field of this window. */
  feature(field: Field, options: FeatureOptions = {}): Feature {
    const { name = field, key, combine, ...rest } = options;
    const window = {
      ref: this,
      field,
      ...(key === undefined ? {} : { key }),
      ...(combine === undefined ? {} : { combine }),
    };
    return { name, window, ...rest };
  }
}
