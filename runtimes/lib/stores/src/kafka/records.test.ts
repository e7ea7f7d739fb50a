import type { KafkaMessage } from 'kafkajs';
import { expect, test } from 'vitest';
import { eventTimeHeader, toMessage, toRecord } from './records.ts';

const received = (changes: Partial<KafkaMessage>): KafkaMessage =>
  ({
    key: null,
    value: null,
    timestamp: '77',
    attributes: 0,
    offset: '9007199254740993',
    headers: {},
    ...changes,
  }) as KafkaMessage;

test('event time travels in a header, which nobody sees', () => {
  expect(toMessage({ value: null, timestamp: 5, headers: { a: 'b' } }).headers).toEqual({
    a: 'b',
    [eventTimeHeader]: '5',
  });
  const record = toRecord(received({ headers: { [eventTimeHeader]: Buffer.from('5'), a: Buffer.from('b') } }));
  expect(record.timestamp).toBe(5);
  expect(record.headers).toEqual({ a: 'b' });
});

test('records of others have the time that Kafka gives them, and the last of a repeated header', () => {
  const record = toRecord(received({ headers: { a: [Buffer.from('1'), '2'], none: undefined } }));
  expect(record.timestamp).toBe(77);
  expect(record.headers).toEqual({ a: '2', none: '' });
});

test('offsets beyond what a double holds are exact', () => {
  expect(toRecord(received({})).offset).toBe(9007199254740993n);
});
