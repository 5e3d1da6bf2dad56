/** The splitters of streamed replies: no byte is lost, cuts do not matter, and events are those of the standard. */
import type { Framer } from '../../../src/body/frame.ts';
import { createJsonFramer } from '../../../src/body/json-frames.ts';
import { createSseFramer } from '../../../src/body/sse.ts';
import { cutBytes, damaged, natural, oddText, oneOf, several } from '../generate.ts';
import { law, type Target } from '../target.ts';

interface Framed {
  readonly bytes: Buffer;
  /** Event names and data, of frames that carry data. */
  readonly events: readonly string[];
}

function frame(framer: Framer, chunks: readonly Uint8Array[]): Framed {
  const frames = [...chunks.flatMap((chunk) => framer.push(chunk)), ...framer.end()];
  return {
    bytes: Buffer.concat(frames.map(({ raw }) => raw)),
    events: frames.flatMap(({ event, data }) => (data === undefined ? [] : [JSON.stringify([event, data])])),
  };
}

/** Events as the standard reads them (WHATWG HTML §9.2.6), line by line; an unfinished last one counts too. */
function expectedEvents(text: string): readonly string[] {
  const events: string[] = [];
  let event: string | undefined;
  let data: string[] = [];
  const dispatch = (): void => {
    if (data.length > 0) events.push(JSON.stringify([event, data.join('\n')]));
    event = undefined;
    data = [];
  };
  for (const line of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    if (line === '') dispatch();
    const [, name, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
    if (name === 'data') data.push(value);
    // A byte order mark before a name is dropped: no name begins with one.
    if (name === 'event') event = value.replace(/^\ufeff/, '');
  }
  dispatch();
  return events;
}

const lineEnds = ['\n', '\r\n', '\r'];
const fields = ['data: ', 'data:', 'data', 'event: ', 'id: 1', ': ping', 'retry: 5', 'datax: ', ' data: '];

export const sse: Target = {
  name: 'sse',
  make(random) {
    const line = (): string => {
      const text = oddText(random, 3).replaceAll(/[\r\n]/g, natural(random, 4) === 0 ? '\r' : ' ');
      return (natural(random, 4) === 0 ? '' : oneOf(random, fields) + text) + oneOf(random, lineEnds);
    };
    const bytes = Buffer.from((natural(random, 8) === 0 ? '\ufeff' : '') + several(random, 20, line).join(''));
    return natural(random, 3) === 0 ? damaged(random, bytes) : bytes;
  },
  check(input, random) {
    const chunks = cutBytes(random, input);
    for (const [name, make] of Object.entries({ sse: createSseFramer, json: createJsonFramer })) {
      const whole = frame(make(), [input]);
      const cut = frame(make(), chunks);
      law(whole.bytes.equals(input) && cut.bytes.equals(input), `${name} frames lose or add bytes`);
      law(whole.events.join('\n') === cut.events.join('\n'), `${name} events depend on how the stream is cut`);
    }
    const text = Buffer.from(input).toString();
    // Data that is not UTF-8 carries no text here.
    if (!Buffer.from(text).equals(input)) return;
    const { events } = frame(createSseFramer(), [input]);
    law(events.join('\n') === expectedEvents(text).join('\n'), 'events are not those of the standard');
  },
};
