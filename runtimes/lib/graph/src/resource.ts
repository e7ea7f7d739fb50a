import type { Resource } from '@groundswell/crds';
import type { Path, Place } from './problem.ts';

/** A resource, and where it was read. */
export interface LocatedResource {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  /** With defaults. Undefined where the resource is not right: it is known by name, so that others may refer to it. */
  readonly resource: Resource | undefined;
  /** As it was written: plain data without defaults. */
  readonly written: unknown;
  /** Where a field stands; see YamlValue. */
  place(path: Path, offset?: number): Place;
}

/** Kinds of which programs are made. */
export type CompiledKind = 'ViralityPipeline' | 'FeatureWindow' | 'ScoringModel' | 'Feed' | 'Recommender';

/** A resource that is right by itself. */
export interface Located<R extends Resource> extends LocatedResource {
  readonly resource: R;
}

/** `FeatureWindow "post-10m"`, as messages say it. */
export const titleOf = ({ kind, name }: Pick<LocatedResource, 'kind' | 'name'>): string =>
  `${kind} ${JSON.stringify(name)}`;
