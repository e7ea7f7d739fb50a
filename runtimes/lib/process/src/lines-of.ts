import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Lines as they come, empty ones left out. Not by readline, which swallows the errors of its input. */
export async function* linesOf(stream: Readable): AsyncIterable<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of stream) {
    const parts = (rest + decoder.write(chunk as Buffer)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts.filter((line) => line !== '');
  }
}
