/** Header of a record that says of which trace it is, as W3C Trace Context has it. Absent: of none. */
export const traceHeader = 'traceparent';

/** Something that was done, wall times in ms. */
export interface Work {
  readonly name: string;
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes?: Readonly<Record<string, string | number>>;
}

/** Tells others what becomes of some of the events. Programs that are not traced have none of it. */
export interface Tracing {
  /** Begins the trace of an event, where it is among those that are traced; answers what its record carries. */
  begin(work: Work): string | undefined;
  /** Something that was done with what carries `parent`; answers what follows from it carries. */
  note(work: Work, parent: string): string;
  /** Sends what has not been sent. What cannot be sent is lost, and nothing else. */
  close(): Promise<void>;
}

/** Of what a record carries. */
export const traceIdOf = (traceparent: string): string => traceparent.split('-')[1] ?? '';
