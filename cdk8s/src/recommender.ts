import type { Construct } from 'constructs';
import { KubeRecommender, type Spec } from './kube.ts';
import { Member, type MemberProps } from './member.ts';
import type { ByObject } from './references.ts';

export type RecommenderProps = MemberProps & ByObject<Omit<Spec<'Recommender'>, 'pipelineRef'>>;

/** What a user should see next. */
export class Recommender extends Member<'Recommender'> {
  readonly kind = 'Recommender';

  constructor(scope: Construct, id: string, props: RecommenderProps) {
    super(scope, id, { props, as: KubeRecommender });
  }
}
