import { apiVersion, type Problem, parseResource, type Resource, type Written } from '@groundswell/crds';
import { ApiObject, type ApiObjectMetadata } from 'cdk8s';
import type { Construct } from 'constructs';

export type Kind = Resource['kind'];
/** The spec of a kind as a user writes it: durations are text (`5m`), what has a default may be absent. */
export type Spec<K extends Kind> = Written<K>['spec'];

export interface KubeProps<K extends Kind> {
  /** Absent: cdk8s makes up a name. */
  readonly metadata?: ApiObjectMetadata;
  readonly spec: Spec<K>;
}

const line = ({ path, message }: Problem): string =>
  `${path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i > 0 ? '.' : ''}${key}`)).join('')}: ${message}`;

/** What the API server would refuse, as `synth` reports it. */
const problemsOf = (object: ApiObject): string[] => {
  const parsed = parseResource(object.toJson());
  if (parsed.kind === 'parsed') return [];
  return parsed.problems.map((problem) => `${object.kind} "${object.name}": ${line(problem)}`);
};

/** One resource with the schema of its kind; `synth` refuses what the API server would refuse, with the same message. */
class KubeResource<K extends Kind> extends ApiObject {
  constructor(scope: Construct, id: string, props: KubeProps<K> & { readonly kind: K }) {
    super(scope, id, { apiVersion, ...props });
    this.node.addValidation({ validate: () => problemsOf(this) });
  }
}

/** A ViralityPipeline, exactly as it is applied. */
export class KubeViralityPipeline extends KubeResource<'ViralityPipeline'> {
  constructor(scope: Construct, id: string, props: KubeProps<'ViralityPipeline'>) {
    super(scope, id, { ...props, kind: 'ViralityPipeline' });
  }
}

/** A FeatureWindow, exactly as it is applied. */
export class KubeFeatureWindow extends KubeResource<'FeatureWindow'> {
  constructor(scope: Construct, id: string, props: KubeProps<'FeatureWindow'>) {
    super(scope, id, { ...props, kind: 'FeatureWindow' });
  }
}

/** A ScoringModel, exactly as it is applied. */
export class KubeScoringModel extends KubeResource<'ScoringModel'> {
  constructor(scope: Construct, id: string, props: KubeProps<'ScoringModel'>) {
    super(scope, id, { ...props, kind: 'ScoringModel' });
  }
}

/** A Feed, exactly as it is applied. */
export class KubeFeed extends KubeResource<'Feed'> {
  constructor(scope: Construct, id: string, props: KubeProps<'Feed'>) {
    super(scope, id, { ...props, kind: 'Feed' });
  }
}

/** A Recommender, exactly as it is applied. */
export class KubeRecommender extends KubeResource<'Recommender'> {
  constructor(scope: Construct, id: string, props: KubeProps<'Recommender'>) {
    super(scope, id, { ...props, kind: 'Recommender' });
  }
}
