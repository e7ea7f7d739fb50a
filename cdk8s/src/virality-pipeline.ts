import { type ApiObject, Lazy } from 'cdk8s';
import { Construct } from 'constructs';
import type { FeatureWindow } from './feature-window.ts';
import { KubeViralityPipeline, type Spec } from './kube.ts';
import { type CommonProps, metadataOf, refuseTwins } from './member.ts';
import { type ByObject, byName, type Named } from './references.ts';
import type { ScoringModel } from './scoring-model.ts';

type Written = ByObject<Spec<'ViralityPipeline'>>;
type Source = Written['sources'][number];
type Alerts = NonNullable<Written['alerts']>;
type AlertChannel = NonNullable<Alerts['channels']>[number];
type AlertRule = NonNullable<Alerts['rules']>[number];

export type ViralityPipelineProps = CommonProps & Written;

/**
 * The shared parts of a pipeline. Windows and models take the pipeline; where the pipeline points back at one of them, it
 * is told afterwards, by one of the methods.
 */
export class ViralityPipeline extends Construct implements Named<'ViralityPipeline'> {
  readonly kind = 'ViralityPipeline';
  readonly name: string;
  readonly resource: ApiObject;
  #spec: Written;

  constructor(scope: Construct, id: string, props: ViralityPipelineProps) {
    super(scope, id);
    const { metadata: _, ...spec } = props;
    const metadata = metadataOf(id, props);
    this.name = metadata.name;
    this.#spec = spec;
    this.resource = new KubeViralityPipeline(this, 'Resource', {
      metadata,
      // Methods may still add to it until the app is synthesized.
      spec: Lazy.any({ produce: () => byName(this.#spec).spec }),
    });
    refuseTwins(this);
  }

  /** Takes events from one more source. */
  addSource(source: Source): this {
    this.#spec = { ...this.#spec, sources: [...this.#spec.sources, source] };
    return this;
  }

  /** Lets alerts go to one more place. */
  addAlertChannel(channel: AlertChannel): this {
    const { alerts } = this.#spec;
    this.#spec = { ...this.#spec, alerts: { ...alerts, channels: [...(alerts?.channels ?? []), channel] } };
    return this;
  }

  /** Alerts by one more rule, in channels that the pipeline has. */
  addAlertRule(rule: AlertRule): this {
    const { alerts } = this.#spec;
    this.#spec = {
      ...this.#spec,
      alerts: { ...alerts, channels: alerts?.channels ?? [], rules: [...(alerts?.rules ?? []), rule] },
    };
    return this;
  }

  /** Shows the cells of a window with a `series` sink as the heatmap of the page. `value`: the aggregation shown first. */
  showHeatmap<Field extends string>(window: FeatureWindow<Field>, value?: NoInfer<Field>): this {
    const heatmap = { windowRef: { name: window.name }, ...(value === undefined ? {} : { value }) };
    this.#spec = { ...this.#spec, ui: { ...this.#spec.ui, heatmap } };
    return this;
  }

  /** Shows the predictions of this model first on the page. */
  showModel(model: ScoringModel): this {
    this.#spec = { ...this.#spec, ui: { ...this.#spec.ui, modelRef: { name: model.name } } };
    return this;
  }
}
