import { parseArgs } from 'node:util';
import { benchAlone } from './windows/alone.ts';
import { benchBesideFlink } from './windows/beside-flink.ts';
import { eventsFile } from './windows/events.ts';

const usage = `How fast the windows are: from a file of JSON events through decoding and a windower, on one core, then beside
Flink SQL on the same files, then from a real Kafka to a real Redis beside Flink SQL on the same topics. Results are compared
first. Prints tables and, as its last line, one JSON object of ratios.

  --events 1000000
  --rounds 2          queries take turns, and the best of the rounds counts, so that what else the machine does weighs little
  --without-flink     only ours
  --only-flink        not ours alone
`;
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '2' },
    'without-flink': { type: 'boolean', default: false },
    'only-flink': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

const main = async (): Promise<void> => {
  const [count, rounds] = [Number(values.events), Number(values.rounds)];
  if (!Number.isSafeInteger(count) || count < 20_000 || !Number.isSafeInteger(rounds) || rounds < 1)
    throw new RangeError(
      `Cannot run with --events ${values.events} --rounds ${values.rounds}: whole numbers are needed, events from 20000 on`,
    );
  const given = { path: eventsFile(count), count, rounds };
  const alone = values['only-flink'] ? {} : benchAlone(given);
  const beside = values['without-flink'] ? {} : await benchBesideFlink(given);
  console.log(JSON.stringify({ events: count, ...alone, ...beside }));
};

if (values.help) console.log(usage);
else await main();
