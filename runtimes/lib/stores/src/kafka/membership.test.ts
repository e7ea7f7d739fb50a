import { expect, test } from 'vitest';
import type { TopicPartition } from '../log.ts';
import { createMembership } from './membership.ts';

const parts = (...partitions: readonly number[]): TopicPartition[] =>
  partitions.map((partition) => ({ topic: 't', partition }));

test('the first join gives everything, and is told once', () => {
  const membership = createMembership();
  expect(membership.settle()).toBeUndefined();
  expect(membership.joined('m1', parts(0, 1))).toEqual({ kept: [], gained: parts(0, 1) });
  expect(membership.isKept({ topic: 't', partition: 0 })).toBe(false);
  expect(membership.settle()).toEqual({ revoked: [], gained: parts(0, 1) });
  expect(membership.settle()).toBeUndefined();
  expect(membership.isKept({ topic: 't', partition: 0 })).toBe(true);
});

test('a change of the group tells what came and went, and what stays is kept meanwhile', () => {
  const membership = createMembership();
  membership.joined('m1', parts(0, 1));
  membership.settle();
  expect(membership.joined('m1', parts(1, 2))).toEqual({ kept: parts(1), gained: parts(2) });
  expect([0, 1, 2].map((partition) => membership.isKept({ topic: 't', partition }))).toEqual([false, true, false]);
  expect([0, 1, 2].map((partition) => membership.isAssigned({ topic: 't', partition }))).toEqual([false, true, true]);
  expect(membership.settle()).toEqual({ revoked: parts(0), gained: parts(2) });
});

test('a partition that went and came back between two polls is revoked and assigned anew', () => {
  const membership = createMembership();
  membership.joined('m1', parts(0, 1));
  membership.settle();
  membership.joined('m1', parts(1));
  expect(membership.joined('m1', parts(0, 1))).toEqual({ kept: parts(1), gained: parts(0) });
  expect(membership.settle()).toEqual({ revoked: parts(0), gained: parts(0) });
});

test('a member that was thrown out and joins again keeps nothing', () => {
  const membership = createMembership();
  membership.joined('m1', parts(0, 1));
  membership.settle();
  expect(membership.joined('m2', parts(0, 1))).toEqual({ kept: [], gained: parts(0, 1) });
  expect(membership.settle()).toEqual({ revoked: parts(0, 1), gained: parts(0, 1) });
});
