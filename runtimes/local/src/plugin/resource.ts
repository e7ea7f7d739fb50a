import type { Resource, Written } from '@groundswell/crds';

type Kind = Resource['kind'];

interface OfKind<K extends Kind> {
  readonly kind: K;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly generation?: number;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: Written<K>['spec'];
  readonly status?: Extract<Resource, { readonly kind: K }>['status'];
}

/** A resource as the API server has it. */
export type Seen = { readonly [K in Kind]: OfKind<K> }[Kind];
export type SeenModel = OfKind<'ScoringModel'>;

export type Status = NonNullable<Seen['status']>;

/** An Event about it. */
export interface Happening {
  /** As the API server writes times. */
  readonly at: string;
  readonly reason: string;
  readonly message: string;
}

/** `ScoringModel "virality"`. */
export const nameOf = ({ kind, metadata }: Seen): string => `${kind} "${metadata.name}"`;

export const readyOf = (status: Status | undefined) => status?.conditions?.find(({ type }) => type === 'Ready');
