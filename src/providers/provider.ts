/** What a provider says about a vendor's wire format: data and pure functions, no detection, no masking. */
import type { LocalReply } from '../core/http.ts';
import type { JsonPath } from '../body/json-path.ts';

/**
 * What a string of a request is.
 * - `structural` (model, role, type, ids, tool names, schema keys): never spliced.
 * - `opaque` (encrypted reasoning, signatures, image data): never changed, checked raw for protected values.
 * - `signed` (text that a signature covers): never changed, hits are recorded.
 * - everything else is read and may be masked; `unknown` is read like `prose`.
 */
export type Meaning = 'prose' | 'tool-input' | 'tool-output' | 'file' | 'structural' | 'opaque' | 'signed' | 'unknown';

/** Looks up a scalar beside (or above) a string, where it is already known: the block's `type`, `media_type` … */
export interface Surroundings {
  /** The string member `key` of the object `up` levels above the string (1 = the object that holds it); undefined when absent or not yet seen. */
  sibling(key: string, up?: number): string | undefined;
  /** Whether the enclosing object has been read to its end (always, in a gathered body). */
  readonly isWhole: boolean;
}

/** How a refusal or message is to be shaped. */
export interface ReplyContext {
  readonly isStream: boolean;
  readonly model?: string;
  /** A unique id for the reply, from the exchange's id. */
  readonly id: string;
}

/** What kind of tool a call is for: decides whether and how values are restored in its arguments. */
export type ToolUse = 'file' | 'shell' | 'agent' | 'network' | 'unknown';

/** One restorable string of a reply event. */
export interface ReplyPart {
  /** Where the string stands in the event's JSON. */
  readonly path: JsonPath;
  /** Deltas with the same id are one text; undefined: the string is whole in itself. */
  readonly stream?: string;
  /**
   * What the text is: `text` prose; `json` a JSON text (in fragments when `stream` is set) whose strings hold the
   * values; `source` program text (JavaScript of code-mode tools); `freeform` the plain text that a tool takes, such
   * as a patch; `object` tool arguments that stand in the event as a JSON object: `path` leads to that object.
   */
  readonly grammar: 'text' | 'json' | 'source' | 'freeform' | 'object';
  /** For tool arguments: the tool's name where known. */
  readonly tool?: string;
  /** For tool arguments held whole: whether this tool writes or runs. */
  readonly use?: ToolUse;
  /** The text repeats what deltas have brought already (done and aggregate events): it is not counted again. */
  readonly isRepeat?: boolean;
}

/** What one event of a streamed reply (or one whole reply) means. */
export interface ReplyEvent {
  readonly parts: readonly ReplyPart[];
  /** Streams that end with this event: what is held for them must be settled before it is released. */
  readonly ends: readonly string[];
}

/** Reads a reply event by event; state (tool names by block index …) lives here. */
export interface ReplyReader {
  /** @param json the event's parsed JSON; @param event the SSE event name, if any. */
  read(json: unknown, event: string | undefined): ReplyEvent;
}

export interface Provider {
  readonly id: string;
  /** What a string of a request body is, by its path and what stands around it. */
  meaning(path: JsonPath, around: Surroundings): Meaning;
  /** A reader for one reply. */
  replyReader(): ReplyReader;
  /** The vendor's error shape: status 400, `x-should-retry: false`. */
  refusal(message: string, context: ReplyContext): LocalReply;
  /** The same shape with another status (502 and 503 for failures that are not policy). */
  failure(status: number, message: string, context: ReplyContext): LocalReply;
  /** A 200 that holds a synthetic assistant message, streamed as the client asked. */
  message(text: string, context: ReplyContext): LocalReply;
}
