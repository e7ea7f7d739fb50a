import type { Construct } from 'constructs';
import { KubeFeed, type Spec } from './kube.ts';
import { Member, type MemberProps } from './member.ts';
import type { ByObject } from './references.ts';

export type FeedProps = MemberProps & ByObject<Omit<Spec<'Feed'>, 'pipelineRef'>>;

/** Timelines of a pipeline. */
export class Feed extends Member<'Feed'> {
  readonly kind = 'Feed';

  constructor(scope: Construct, id: string, props: FeedProps) {
    super(scope, id, { props, as: KubeFeed });
  }
}
