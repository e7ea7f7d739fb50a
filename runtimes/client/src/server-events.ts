/** One server-sent event. */
interface ServerEvent {
  readonly event: string;
  readonly id?: string;
  readonly data: string;
}

const eventIn = (block: string): ServerEvent | undefined => {
  const fields = block.split('\n').map((line) => /^([^:]*):? ?(.*)$/s.exec(line) ?? []);
  const data = fields.flatMap(([, name, value = '']) => (name === 'data' ? [value] : []));
  if (data.length === 0) return undefined;
  const last = (wanted: string) => fields.findLast(([, name]) => name === wanted)?.[2];
  const id = last('id');
  return { event: last('event') ?? 'message', ...(id !== undefined && { id }), data: data.join('\n') };
};

/** The events of a body, as they come; comments, which only keep the connection, are left out. */
export async function* serverEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let rest = '';
  for await (const text of body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)) {
    const blocks = (rest + text).replaceAll('\r\n', '\n').split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = eventIn(block);
      if (event !== undefined) yield event;
    }
  }
}
