import type { Construct } from 'constructs';
import { KubeScoringModel, type Spec } from './kube.ts';
import { Member, type MemberProps } from './member.ts';
import type { ByObject } from './references.ts';

type Written = ByObject<Omit<Spec<'ScoringModel'>, 'pipelineRef'>>;

/** One value that a model sees, in the order of its input; `window.feature(…)` makes one. */
export type Feature = Written['features'][number];
export type ScoringModelProps = MemberProps & Written;

/** ONNX variants, the features that they see, and how one replaces another. */
export class ScoringModel extends Member<'ScoringModel'> {
  readonly kind = 'ScoringModel';

  constructor(scope: Construct, id: string, props: ScoringModelProps) {
    super(scope, id, { props, as: KubeScoringModel });
  }
}
