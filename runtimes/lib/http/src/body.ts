/** The body as it came. @throws what `tooLarge` makes, as soon as there are more than `limit` bytes */
export const readBody = async (request: Request, limit: number, tooLarge: () => Error): Promise<Uint8Array> => {
  if (Number(request.headers.get('content-length') ?? 0) > limit) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
