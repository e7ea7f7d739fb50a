import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { Assumptions } from './assumptions.ts';
import { estimate, type Load } from './estimate.ts';
import { renderEstimate } from './render.ts';

const assumptions = Assumptions.parse(parse(readFileSync(join(import.meta.dirname, 'assumptions.yaml'), 'utf8')));
const day = 86_400_000;
const reference: Load = {
  ...{ postsPerHour: 1_000_000, eventsPerPost: 11, eventBytes: 281, windows: 7, models: 1, scoresPerPost: 16 },
  ...{ requestsPerSecond: 100, retentionMs: 4 * day, resultsMs: day },
};

test('the reference of a million posts an hour is far below $3,000 a month', () => {
  const of = estimate(reference, assumptions);
  expect(of.onDemand).toBeLessThan(2_000);
  expect(of.spot).toBeLessThan(of.onDemand);
  const lines = renderEstimate(reference, of, assumptions);
  expect(lines[0]).toBe('1,000,000 posts an hour, 3,056 events a second on average');
  expect(lines.join('\n')).toMatch(/together +\$1,\d{3} +\$/);
});

test('what is paid is the sum of its parts', () => {
  const { onDemand, nodes, fixed } = estimate(reference, assumptions);
  const { node, memoryNode } = assumptions.prices;
  const ofNodes = ((nodes.programs + nodes.kafka) * node.hour + nodes.redis * memoryNode.hour) * 730;
  expect(onDemand).toBeCloseTo(ofNodes + fixed.cluster + fixed.disks + fixed.zones, 6);
});

test('the nodes hold what the parts need', () => {
  const { nodes, parts } = estimate({ ...reference, postsPerHour: 50_000_000 }, assumptions);
  const cores = parts.reduce((sum, part) => sum + part.cores, 0);
  expect((nodes.programs + nodes.kafka + nodes.redis) * assumptions.prices.node.cores).toBeGreaterThan(cores);
});

test('more load never costs less', () => {
  const fields = [
    'postsPerHour',
    'eventsPerPost',
    'windows',
    'scoresPerPost',
    'requestsPerSecond',
    'retentionMs',
  ] as const;
  fc.assert(
    fc.property(fc.constantFrom(...fields), fc.double({ min: 1, max: 50, noNaN: true }), (field, factor) => {
      const more = { ...reference, [field]: Math.ceil(reference[field] * factor) };
      expect(estimate(more, assumptions).onDemand).toBeGreaterThanOrEqual(estimate(reference, assumptions).onDemand);
    }),
  );
});
