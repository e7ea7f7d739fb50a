import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { freePorts } from '../servers/daemon.ts';
import { type Block, readPage, root } from './page.ts';
import { type Session, startSession } from './session.ts';
import { missingIn } from './shape.ts';

const onLaptop = ['docs/start/laptop.md', 'docs/concepts/programs.md'];
const tutorials = (await readdir(join(root, 'docs', 'tutorials'))).map((name) => `docs/tutorials/${name}`);

/** An answer that comes a moment later is asked for again; what changes something is done once. */
const isAsking = ({ text }: Block): boolean =>
  /^curl /m.test(text) && (!/ -(X|d|-data)/.test(text) || text.includes('/v1/recommend'));

const jsonIn = (printed: string): unknown => {
  try {
    return JSON.parse(printed.trim().split('\n').at(-1) ?? '');
  } catch {
    return undefined;
  }
};

/** What a sample shows and the output has not. In a text, `…` stands for anything. */
const missingOf = (sample: Block, printed: string): readonly string[] => {
  if (sample.language === 'json')
    return missingIn(JSON.parse(sample.text), jsonIn(printed), sample.words.includes('exact'));
  return sample.text.split('\n').filter((line) => {
    const pattern = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return !new RegExp(pattern.join('.*')).test(printed);
  });
};

/** Does what a block says, and holds what it prints against the sample behind it, if there is one. */
const follow = async (session: Session, block: Block, sample: Block | undefined): Promise<void> => {
  const isShown = sample?.language === 'json' || sample?.language === 'text';
  if (!isAsking(block) || !isShown) {
    const printed = await session.run(block);
    if (isShown) expect(missingOf(sample, printed), `the block of line ${block.line} printed ${printed}`).toEqual([]);
    return;
  }
  const asking = block.text.split('\n').filter((line) => line.startsWith('curl '));
  let printed = await session.run(block).catch(String);
  for (let tries = 0; tries < 100 && missingOf(sample, printed).length > 0; tries++) {
    await sleep(300);
    printed = await session.run({ ...block, text: asking.join('\n') }).catch(String);
  }
  expect(missingOf(sample, printed), `the block of line ${block.line} printed ${printed}`).toEqual([]);
};

test.each([...onLaptop, ...tutorials])('who does what %s says gets what it shows', async (path) => {
  const { blocks } = await readPage(path);
  const [port = 0] = await freePorts(1);
  const session = await startSession(port);
  try {
    for (const [i, block] of blocks.entries()) {
      if (block.language !== 'sh' || block.words.includes('python')) continue;
      await follow(session, block, blocks[i + 1]);
    }
  } finally {
    await session.end();
  }
});
