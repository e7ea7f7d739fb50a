import type { TrainerProgram } from '@groundswell/graph';
import type { RolloutStatus } from '@groundswell/wire';
import { describe, expect, test } from 'vitest';
import { propose } from './proposal.ts';

const artifact = (sha256: string) => ({ uri: `./${sha256}.onnx`, sha256 });
const programWith = (champion: string, challenger: string) =>
  ({
    champion: { name: 'champion', artifact: artifact(champion), positiveClass: 1 },
    publish: { folder: 'a', keep: 1, proposeAs: { name: 'challenger', artifact: artifact(challenger) } },
  }) as unknown as TrainerProgram;
const rollout = (phase: RolloutStatus['phase'], sha256: string) =>
  ({ phase, challenger: { sha256 } }) as unknown as RolloutStatus;
const candidate = artifact('new');

describe('a candidate', () => {
  test('is proposed at once where the challenger is the champion itself', () => {
    const program = programWith('a', 'a');
    expect(propose(program, { candidate, before: {}, rollout: undefined })).toEqual({ challenger: candidate });
  });

  test.each(['Running', 'Waiting'] as const)('waits while a rollout is %s', (phase) => {
    const program = programWith('a', 'b');
    expect(propose(program, { candidate, before: {}, rollout: rollout(phase, 'b') })).toBeUndefined();
    expect(propose(program, { candidate, before: {}, rollout: undefined })).toBeUndefined();
  });

  test('takes the place of a challenger that was given up, and the champion stays', () => {
    const program = programWith('a', 'b');
    expect(propose(program, { candidate, before: {}, rollout: rollout('Aborted', 'b') })).toEqual({
      challenger: candidate,
    });
  });

  test('takes the place of a challenger that was promoted, which is the champion now', () => {
    const program = programWith('a', 'b');
    const first = propose(program, { candidate, before: {}, rollout: rollout('Promoted', 'b') });
    expect(first).toEqual({ champion: artifact('b'), challenger: candidate });
    const next = artifact('newer');
    expect(propose(program, { candidate: next, before: first ?? {}, rollout: rollout('Promoted', 'new') })).toEqual({
      champion: candidate,
      challenger: next,
    });
  });

  test('is not proposed on what was said of the challenger before', () => {
    const program = programWith('a', 'b');
    const before = { challenger: artifact('c') };
    expect(propose(program, { candidate, before, rollout: rollout('Promoted', 'b') })).toBeUndefined();
  });

  test('is not proposed where the resource names no place for it', () => {
    const { publish: _, ...rest } = programWith('a', 'a');
    const program = { ...rest, publish: { folder: 'a', keep: 1 } } as TrainerProgram;
    expect(propose(program, { candidate, before: {}, rollout: rollout('Aborted', 'a') })).toBeUndefined();
  });
});
