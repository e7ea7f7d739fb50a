/** Why a stream ended, or did not begin. */
export interface Ending {
  /** Of a few words that metrics can count: `closed`, `failed`, `silent`, `refused_429`. */
  readonly reason: string;
  readonly why: string;
  /** Of an HTTP answer that was no stream. */
  readonly status?: number | undefined;
  /** Not before this time, ms since the epoch, says the server. */
  readonly retryAt?: number | undefined;
  /** Not before so many ms from now, says the server. */
  readonly retryAfterMs?: number | undefined;
}

/** What a stream tells of itself. */
export interface Handlers {
  message(text: string): void;
  /** Something came that is no message: the connection lives. */
  alive(): void;
  /** At most once; nothing follows. */
  ended(ending: Ending): void;
  /** Resolves when more messages can be taken, for streams that can be slowed down. */
  room(): Promise<void>;
}

export interface Stream {
  close(): void;
}

/** A place to connect to. */
export interface Target {
  /** For dead letters and messages: without anything secret. */
  readonly name: string;
  open(handlers: Handlers): Stream;
}
