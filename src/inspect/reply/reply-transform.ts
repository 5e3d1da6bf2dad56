/** Restores a reply as it streams: holds events only while a placeholder may be in flight, rewrites only those that held one. */
import { append } from '../../core/append.ts';
import type { RestoreCounts } from '../../core/decision.ts';
import { emptyStep, release, stop, type BodyTransform, type Step } from '../../core/transform.ts';
import { withData, type Frame, type Framer } from '../../body/frame.ts';
import { createJsonFramer } from '../../body/json-frames.ts';
import { locate, replaceSpans } from '../../body/json-locate.ts';
import type { JsonPath } from '../../body/json-path.ts';
import { createSseFramer } from '../../body/sse.ts';
import { createFinder } from '../../mask/finder.ts';
import { prefixOf, type Placeholders } from '../../mask/placeholders.ts';
import { applyEdits, createRestorer } from '../../mask/restore.ts';
import { defaultRestoreRules, type RestoreRules } from '../../mask/stays-home.ts';
import type { Vault } from '../../mask/vault.ts';
import type { Provider, ReplyPart, ReplyReader } from '../../providers/provider.ts';
import { toolUse } from '../../providers/tool-use.ts';
import { createDeltaStream, refusedCall, restoreWhole, type DeltaStream } from './delta-stream.ts';
import { createUnreadRest, type UnreadRest } from './unread-rest.ts';

export interface ReplyOptions {
  readonly provider: Provider;
  /** What the exchange masked; not empty, and complete. */
  readonly vault: Vault;
  readonly placeholders: Pick<Placeholders, 'isValid'>;
  /** The reply's `content-type`. */
  readonly contentType: string | undefined;
  /**
   * `heldBytes`: how much of a reply may be held back. Beyond it a call becomes one that its client refuses; of a reply
   * whose single event is longer the rest goes out as it is, up to the first placeholder in it, where the reply ends.
   */
  readonly limits: { readonly heldBytes: number };
  readonly rules?: RestoreRules;
  /** Whether a text stood in the request: what only looks like a damaged placeholder is then left alone. */
  readonly stoodInRequest?: (text: string) => boolean;
}

/** The transform of one reply. */
export interface ReplyTransform extends BodyTransform {
  /** What became of the placeholders so far. */
  readonly counts: RestoreCounts;
  /** Whether events are being held back: a client that waits may then be sent a comment. */
  readonly isHolding: boolean;
}

/** A frame on its way out, with the values of it that change. */
interface HeldFrame {
  readonly frame: Frame;
  readonly changes: { readonly path: JsonPath; readonly json: string }[];
  /** Parts whose final text is not known yet. */
  open: number;
}

/** How a reply is framed, by its media type; undefined for what is passed on as it is. */
export function framingOf(contentType: string | undefined): 'sse' | 'json' | undefined {
  const type = (contentType ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/event-stream') return 'sse';
  if (/^(?:application|text)\/(?:[\w.-]+\+)?(?:json|x-ndjson|ndjson|jsonl|x-jsonl|jsonlines)$/.test(type))
    return 'json';
  return undefined;
}

/** The value at a path; undefined when there is none. */
function valueAt(json: unknown, path: JsonPath): unknown {
  let value: unknown = json;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}

/** Parses a frame's data; undefined when it is not JSON (`[DONE]` and the like). */
function parse(data: string): unknown {
  try {
    return JSON.parse(data);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The frame's bytes with its changes; the very bytes received when there are none. */
function render({ frame, changes }: HeldFrame): Uint8Array {
  const { data } = frame;
  if (changes.length === 0 || data === undefined) return frame.raw;
  const spans = changes.flatMap(({ path, json }) => {
    const span = locate(data, path);
    return span === undefined ? [] : [{ ...span, json }];
  });
  return withData(
    frame,
    replaceSpans(
      data,
      spans.sort((a, b) => a.start - b.start),
    ),
  );
}

/** Makes the transform of one reply. Pure; its output does not depend on how the reply was cut into chunks. */
export function createReplyTransform(options: ReplyOptions): ReplyTransform {
  const { provider, limits } = options;
  const restorer = createRestorer({
    finder: createFinder(options.vault, options.placeholders),
    rules: options.rules ?? defaultRestoreRules,
    useOf: toolUse,
    stoodInRequest: options.stoodInRequest ?? (() => false),
  });
  const reader: ReplyReader = provider.replyReader();
  const framing = framingOf(options.contentType);
  const framer: Framer | undefined =
    framing === 'sse' ? createSseFramer() : framing === 'json' ? createJsonFramer() : undefined;
  const counts = { restored: 0, heldBack: 0, unresolved: 0 };
  const streams = new Map<string, DeltaStream>();
  let queue: HeldFrame[] = [];
  let queuedBytes = 0;
  /** Set once the reply has been given up. */
  let rest: UnreadRest | undefined;

  function count(more: RestoreCounts): void {
    counts.restored += more.restored;
    counts.heldBack += more.heldBack;
    counts.unresolved += more.unresolved;
  }

  /** Restores a string, or an object of tool arguments, that is whole in itself. */
  function whole(held: HeldFrame, part: ReplyPart, value: unknown): void {
    if (part.grammar === 'object') {
      const span = held.frame.data === undefined ? undefined : locate(held.frame.data, part.path);
      if (span === undefined) return;
      const text = held.frame.data?.slice(span.start, span.end) ?? '';
      const found = restoreWhole(restorer, part, text);
      if (part.isRepeat !== true) count(found.counts);
      const json = found.isUnresolvable ? refusedCall(part.grammar) : applyEdits(text, found.edits);
      if (json !== text) held.changes.push({ path: part.path, json });
      return;
    }
    if (typeof value !== 'string') return;
    const found = restoreWhole(restorer, part, value);
    if (part.isRepeat !== true) count(found.counts);
    const text = found.isUnresolvable ? refusedCall(part.grammar) : applyEdits(value, found.edits);
    if (text !== value) held.changes.push({ path: part.path, json: JSON.stringify(text) });
  }

  /** Hands a fragment to its stream. */
  function fragment(held: HeldFrame, part: ReplyPart, stream: string, value: unknown): void {
    if (typeof value !== 'string') return;
    let target = streams.get(stream);
    if (target === undefined) {
      target = createDeltaStream(part, restorer, count);
      streams.set(stream, target);
    }
    held.open += 1;
    target.push(value, (text) => {
      held.open -= 1;
      if (text !== value) held.changes.push({ path: part.path, json: JSON.stringify(text) });
    });
  }

  function endStreams(names: Iterable<string>): void {
    for (const name of names) {
      streams.get(name)?.end();
      streams.delete(name);
    }
  }

  function read(frame: Frame): void {
    const held: HeldFrame = { frame, changes: [], open: 0 };
    queue.push(held);
    queuedBytes += frame.raw.byteLength;
    if (frame.data === undefined) return;
    const json = parse(frame.data);
    if (json === undefined) {
      // `[DONE]`: nothing follows that could complete anything.
      if (frame.data.trim() === '[DONE]') endStreams([...streams.keys()]);
      return;
    }
    const { parts, ends } = reader.read(json, frame.event);
    for (const part of parts) {
      const value = valueAt(json, part.path);
      if (part.stream === undefined) whole(held, part, value);
      else fragment(held, part, part.stream, value);
    }
    endStreams(ends);
  }

  /** Takes out of the queue what is settled, in order. */
  function settled(): Uint8Array[] {
    let ready = 0;
    while (ready < queue.length && queue[ready]?.open === 0) ready += 1;
    if (ready === 0) return [];
    const output = queue.slice(0, ready).map((held) => {
      queuedBytes -= held.frame.raw.byteLength;
      return render(held);
    });
    queue = queue.slice(ready);
    return output;
  }

  /** One event alone is too long to hold: it and what follows are not read any more. */
  function giveUp(output: Uint8Array[]): UnreadRest {
    if (rest !== undefined) return rest;
    endStreams([...streams.keys()]);
    append(output, settled());
    const [entry] = options.vault.entries();
    rest = createUnreadRest(prefixOf(entry?.placeholder ?? ''));
    return rest;
  }

  /** Reads frames; each that makes the queue too long is where it is given up, however the bytes were cut. */
  function readAll(frames: readonly Frame[], output: Uint8Array[]): void {
    for (const frame of frames) {
      if (rest !== undefined || frame.raw.byteLength - 1 > limits.heldBytes) {
        output.push(giveUp(output).push(frame.raw));
        continue;
      }
      read(frame);
      append(output, settled());
      if (queuedBytes <= limits.heldBytes) continue;
      for (const stream of streams.values()) stream.giveUp();
      append(output, settled());
    }
  }

  function endRest(output: Uint8Array[]): void {
    if (rest !== undefined) output.push(rest.end());
  }

  function stepOf(output: readonly Uint8Array[]): Step {
    if (rest?.hasMet === true) {
      counts.unresolved += 1;
      return { ...stop('limit', 'the reply holds a placeholder in a part that is too long to be read'), output };
    }
    return output.length === 0 ? emptyStep : { output, findings: [] };
  }

  return {
    counts,
    get isHolding() {
      return queue.length > 0;
    },
    push(chunk): Step {
      if (framer === undefined) return release(chunk);
      const output: Uint8Array[] = [];
      if (rest !== undefined) {
        output.push(rest.push(chunk));
        return stepOf(output);
      }
      readAll(framer.push(chunk), output);
      if (framer.heldBytes > limits.heldBytes) {
        const unread = giveUp(output);
        append(
          output,
          framer.end().map(({ raw }) => unread.push(raw)),
        );
      }
      return stepOf(output);
    },
    end(): Step {
      if (framer === undefined) return emptyStep;
      const output: Uint8Array[] = [];
      if (rest === undefined) {
        readAll(framer.end(), output);
        endStreams([...streams.keys()]);
        append(output, settled());
      }
      endRest(output);
      return stepOf(output);
    },
  };
}
