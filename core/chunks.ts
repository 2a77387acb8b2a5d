/**
 * The bytes of a stream that does not say what it holds, as tar-stream's don't.
 * @throws where it holds anything else
 */
export async function* chunksOf(stream: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('a stream of bytes was expected');
    yield chunk;
  }
}
