export interface ReceivedEvent {
  readonly name: string;
  readonly id: string;
  readonly data: unknown;
}

/** Reads a stream of server-sent events, one at a time; ends when the server or the caller ends it. */
export async function* readEvents(response: Response): AsyncGenerator<ReceivedEvent> {
  const decoder = new TextDecoder();
  let text = '';
  if (response.body === null) throw new Error('the stream has no body');
  for await (const chunk of response.body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      const data = field('data');
      if (data !== undefined) yield { name: field('event') ?? '', id: field('id') ?? '', data: JSON.parse(data) };
    }
  }
}
