/** What a request came to, in the protocol's words: the gRPC code and the HTTP status that stands for it. */
export const outcomes = {
  Ok: { grpc: 0, http: 200 },
  Cancelled: { grpc: 1, http: 499 },
  InvalidArgument: { grpc: 3, http: 400 },
  DeadlineExceeded: { grpc: 4, http: 504 },
  NotFound: { grpc: 5, http: 404 },
  ResourceExhausted: { grpc: 8, http: 429 },
  TooLarge: { grpc: 8, http: 413 },
  MethodNotAllowed: { grpc: 12, http: 405 },
  Unimplemented: { grpc: 12, http: 501 },
  UnsupportedEncoding: { grpc: 12, http: 415 },
  Internal: { grpc: 13, http: 500 },
  Unavailable: { grpc: 14, http: 503 },
} as const;

export type OutcomeName = keyof typeof outcomes;

/** A request that gets an error for an answer. The message is for the client: *Cannot ⟨do⟩ ⟨what⟩: ⟨what is so⟩, ⟨what is needed⟩.* */
export class ProtocolError extends Error {
  override readonly name = 'ProtocolError';
  readonly outcome: OutcomeName;
  /** When to come back, ms; where that helps. */
  readonly retryAfterMs: number | undefined;
  constructor(
    outcome: OutcomeName,
    message: string,
    options: { readonly retryAfterMs?: number; readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.outcome = outcome;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export const invalid = (message: string): ProtocolError => new ProtocolError('InvalidArgument', message);
