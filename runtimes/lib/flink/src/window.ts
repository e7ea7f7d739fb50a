import type { CelEnvironment } from '@groundswell/cel';

/** An aggregation, as far as its kind has these parts. */
export interface FlinkAggregation {
  readonly kind: string;
  readonly name: string;
  readonly where?: string | undefined;
  readonly field?: string | undefined;
  readonly by?: string | undefined;
  readonly weights?: Readonly<Record<string, number>> | undefined;
  readonly numerator?: string | undefined;
  readonly denominator?: string | undefined;
  readonly whenZero?: number | undefined;
  readonly expression?: string | undefined;
}

export interface FlinkStep {
  readonly where: string;
  readonly min: number;
  readonly max: number;
  readonly strict: boolean;
  readonly absent: boolean;
}

export interface FlinkShape {
  readonly kind: string;
  readonly sizeMs?: number | undefined;
  readonly everyMs?: number | undefined;
  readonly gapMs?: number | undefined;
  readonly maxMs?: number | undefined;
  readonly sequence?: readonly FlinkStep[] | undefined;
  readonly withinMs?: number | undefined;
  readonly afterMatch?: string | undefined;
}

interface FlinkSink {
  readonly kind: string;
  readonly topic?: { readonly name: string } | undefined;
}

/**
 * What is read of a window program. Looser than the program itself: kinds that are not known here are refused, so that
 * windows can grow without this.
 */
export interface FlinkWindow {
  readonly pipeline: string;
  readonly window: string;
  readonly input: { readonly topic: { readonly name: string }; readonly where?: string | undefined };
  readonly key: readonly string[];
  readonly shape: FlinkShape;
  readonly tag?: { readonly name: string } | undefined;
  readonly head: string;
  readonly emit: string;
  readonly watermark: { readonly maxOutOfOrdernessMs: number; readonly idleTimeoutMs?: number | undefined };
  readonly allowedLatenessMs: number;
  readonly lateTopic?: object | undefined;
  readonly aggregations: readonly FlinkAggregation[];
  readonly sinks: readonly FlinkSink[];
}

export interface FlinkContext {
  /** What expressions over events see. */
  readonly environment: CelEnvironment;
  readonly tables: FlinkTables;
}

/** Where rows come from and go to: the options of the tables' connectors, and what they write beside the result. */
export interface FlinkTables {
  readonly source: (topic: string) => Readonly<Record<string, string>>;
  readonly sink: (topic: string) => SinkTable;
}

export interface SinkTable {
  readonly options: Readonly<Record<string, string>>;
  /** Whether rows have a record key and a timestamp of their own. */
  readonly keyed: boolean;
}

/** What Flink SQL cannot say, and where it stands in the program. */
export interface Refusal {
  readonly path: readonly (string | number)[];
  /** *Cannot compile … to Flink SQL: …, …* */
  readonly message: string;
}
