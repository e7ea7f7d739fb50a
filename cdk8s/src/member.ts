import { type ApiObject, type ApiObjectMetadata, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import type { Kind, KubeProps } from './kube.ts';
import { byName, type Named } from './references.ts';

/** What all constructs take beside the fields of the spec. */
export interface CommonProps {
  /** Absent: the name is the construct's id, since names stand in topics, keys and metrics. */
  readonly metadata?: ApiObjectMetadata;
}

/** What belongs to a pipeline takes the pipeline itself. */
export interface MemberProps extends CommonProps {
  readonly pipeline: Named<'ViralityPipeline'>;
}

/** Name and metadata of the resource of a construct. */
export const metadataOf = (id: string, { metadata }: CommonProps): ApiObjectMetadata & { readonly name: string } => ({
  ...metadata,
  name: metadata?.name ?? id,
});

/** Two constructs of one name would be one resource, and the one that is applied last would win. */
export const refuseTwins = (construct: Construct & Named): void => {
  const identity = ({ resource }: Named): string =>
    [resource.kind, resource.metadata.namespace ?? Chart.of(resource).namespace ?? '', resource.name].join('/');
  construct.node.addValidation({
    validate: () => {
      const same = construct.node.root.node
        .findAll()
        .filter((other) => other !== construct && other.constructor === construct.constructor)
        .filter((other) => identity(other as Construct & Named) === identity(construct));
      return same.map(
        (other) =>
          `Cannot make ${construct.resource.kind} "${construct.name}": "${other.node.path}" and "${construct.node.path}" have this name, give one of them another id or metadata.name`,
      );
    },
  });
};

type Kube<K extends Kind> = new (scope: Construct, id: string, props: KubeProps<K>) => ApiObject;

/** A construct for one resource that belongs to a pipeline. */
export abstract class Member<K extends Kind> extends Construct implements Named<K> {
  abstract readonly kind: K;
  readonly name: string;
  readonly pipeline: Named<'ViralityPipeline'>;
  readonly resource: ApiObject;

  protected constructor(scope: Construct, id: string, made: { readonly props: MemberProps; readonly as: Kube<K> }) {
    super(scope, id);
    const { pipeline, metadata: _, ...fields } = made.props;
    const { spec, uses } = byName(fields);
    const metadata = metadataOf(id, made.props);
    this.name = metadata.name;
    this.pipeline = pipeline;
    const whole = { pipelineRef: { name: pipeline.name }, ...(spec as object) } as KubeProps<K>['spec'];
    this.resource = new made.as(this, 'Resource', { metadata, spec: whole });
    // So that what is pointed at comes first in the output.
    for (const used of [pipeline, ...uses]) this.resource.addDependency(used.resource);
    refuseTwins(this);
  }
}
