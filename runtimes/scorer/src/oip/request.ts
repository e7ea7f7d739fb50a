import type { DataType, Tensor } from './tensor.ts';

/** A parameter of a request or tensor. */
export type Parameter = boolean | number | string | bigint;
export type Parameters = Readonly<Record<string, Parameter>>;

/** An inference request, whichever door it came through; its tensors are as long as their shapes say. */
export interface InferRequest {
  readonly model: string;
  /** Empty: whichever the model answers with. */
  readonly version: string;
  readonly id: string;
  readonly parameters: Parameters;
  readonly inputs: readonly Tensor[];
  /** Names of the outputs that are wanted; empty: all. */
  readonly outputs: readonly string[];
}

export interface InferResponse {
  readonly model: string;
  readonly version: string;
  readonly id: string;
  readonly outputs: readonly Tensor[];
}

/** A tensor as it was announced: what is said of it before its values are read. */
export interface TensorHead {
  readonly name: string;
  readonly datatype: DataType;
  readonly shape: readonly number[];
}

export interface ModelMetadata {
  readonly name: string;
  readonly versions: readonly string[];
  readonly platform: string;
  readonly inputs: readonly TensorHead[];
  readonly outputs: readonly TensorHead[];
}

/** A line of the repository index. */
export interface IndexEntry {
  readonly name: string;
  readonly version: string;
  readonly state: 'READY' | 'UNAVAILABLE';
  readonly reason: string;
}

export interface ServerMetadata {
  readonly name: string;
  readonly version: string;
  readonly extensions: readonly string[];
}
