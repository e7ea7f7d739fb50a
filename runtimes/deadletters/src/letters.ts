import { type Log, type LogRecord, readToEnd } from '@groundswell/stores';
import { DeadLetter, decodeJson } from '@groundswell/wire';

/** A dead letter where it lies. */
export interface Letter extends DeadLetter {
  /** Partition and offset in the topic of dead letters: `0-17`. */
  readonly id: string;
  /** Wall time at which it was given back, ms. */
  readonly replayedAt: number | undefined;
}

/** On a record that says that a letter was given back; its value is null. */
const replayedHeader = 'groundswell-replayed';

/** Says in the topic of dead letters that these were given back, as nothing can be taken out of it. */
export const markReplayed = (letters: readonly Letter[]) =>
  letters.map(({ id }) => ({ key: id, value: null, headers: { [replayedHeader]: id } }));

interface Placed {
  readonly partition: number;
  readonly record: LogRecord;
}

/** What a group has written beside letters, or somebody else, is passed over. */
const letterOf = ({ partition, record }: Placed): Letter | undefined => {
  if (record.value === null) return undefined;
  try {
    const parsed = DeadLetter.safeParse(decodeJson(record.value));
    return parsed.success ? { id: `${partition}-${record.offset}`, replayedAt: undefined, ...parsed.data } : undefined;
  } catch {
    return undefined;
  }
};

/** All letters of these records, oldest first. */
const lettersOf = (records: readonly Placed[]): readonly Letter[] => {
  const replayed = new Map<string, number>();
  for (const { record } of records) {
    const id = record.headers[replayedHeader];
    if (id !== undefined) replayed.set(id, record.timestamp);
  }
  return records
    .flatMap((placed) => letterOf(placed) ?? [])
    .map((letter) => ({ ...letter, replayedAt: replayed.get(letter.id) }))
    .toSorted((a, b) => a.at - b.at);
};

/** The letters of a topic as of now. @throws Error where the topic stops giving records */
export const readLetters = async (log: Log, topic: string): Promise<readonly Letter[]> => {
  const placed: Placed[] = [];
  await readToEnd(log, { topics: [topic] }, (batches) => {
    for (const { partition, records } of batches) placed.push(...records.map((record) => ({ partition, record })));
  });
  return lettersOf(placed);
};
