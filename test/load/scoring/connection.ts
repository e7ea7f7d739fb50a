/** One connection of a load generator. */
export interface Connection {
  /** Sends a request; `done` gets the answer's body, or undefined where it was refused or cut. */
  ask(request: number, done: (answer: Buffer | undefined) => void): void;
  /** Requests that may be sent now without waiting in the client. */
  room(): number;
  close(): void;
}

/** Opens a connection to `host:port`. */
export type Connect = (address: string) => Promise<Connection>;

/** Bytes that arrive in pieces, cut where a message ends. */
export const createInbox = (take: (bytes: Buffer) => number): ((chunk: Buffer) => void) => {
  let rest: Buffer | undefined;
  return (chunk) => {
    const bytes = rest === undefined ? chunk : Buffer.concat([rest, chunk]);
    const taken = take(bytes);
    rest = taken === bytes.length ? undefined : bytes.subarray(taken);
  };
};
