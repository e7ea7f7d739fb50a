import type { IHeaders, KafkaMessage, Message } from 'kafkajs';
import type { LogRecord, OutRecord } from '../log.ts';

/**
 * The event time of a record, ms. Kafka's own timestamp is the time of the append: retention counts from it, and brokers refuse
 * times in the future, so event time there would drop a replay of old posts at once and refuse a fast one.
 */
export const eventTimeHeader = 'groundswell-event-time';

const bufferOf = (value: Uint8Array): Buffer => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/** About how much of a request the message takes. */
export const sizeOf = ({ key, value }: Message): number => (key?.length ?? 0) + (value?.length ?? 0) + 64;

export const toMessage = ({ key, value, partition, headers, timestamp }: OutRecord): Message => ({
  key: key ?? null,
  value: value === null ? null : bufferOf(value),
  ...(partition === undefined ? {} : { partition }),
  ...(headers === undefined && timestamp === undefined
    ? {}
    : { headers: { ...headers, ...(timestamp === undefined ? {} : { [eventTimeHeader]: String(timestamp) }) } }),
});

/** Others may have written a header twice: the last one counts. */
const headerText = (value: IHeaders[string]): string => String((Array.isArray(value) ? value.at(-1) : value) ?? '');

const headersOf = (headers: IHeaders): Record<string, string> => {
  const texts: Record<string, string> = {};
  for (const name in headers) {
    if (name !== eventTimeHeader) texts[name] = headerText(headers[name]);
  }
  return texts;
};

/** Those of one fetch; the last one tells when all of them were there, so that it costs nothing to tell. */
export const toRecords = (messages: readonly KafkaMessage[]): readonly LogRecord[] =>
  messages.map((message, i) =>
    i === messages.length - 1 ? { ...toRecord(message), appendedAt: Number(message.timestamp) } : toRecord(message),
  );

export const toRecord = ({ offset, key, value, headers = {}, timestamp }: KafkaMessage): LogRecord => ({
  offset: BigInt(offset),
  key: key?.toString(),
  value,
  headers: headersOf(headers),
  timestamp: Number(headers[eventTimeHeader] === undefined ? timestamp : headerText(headers[eventTimeHeader])),
});
