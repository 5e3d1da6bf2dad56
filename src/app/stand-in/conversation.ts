/** What the stand-in's "model" sees of a request and what it answers, whatever the vendor's wire format. */
import type { HeaderList } from '../../core/http.ts';

/** One request for a turn, read from a vendor's format. */
export interface Conversation {
  readonly model: string;
  readonly isStream: boolean;
  /** Whether the caller wants JSON only (a router's question, no turn of the conversation). */
  readonly wantsJson: boolean;
  /** The names of the tools the client offers; a tool in a namespace by its bare name. */
  readonly tools: ReadonlySet<string>;
  /** Every text of the conversation in order: the user's, the tools' results. Not what the model said itself. */
  readonly texts: readonly string[];
  /** How many tool results the conversation holds: the turn the script has come to. */
  readonly results: number;
}

/** A call of one of the client's own tools. */
export type ToolCall =
  | { readonly kind: 'function'; readonly name: string; readonly input: Readonly<Record<string, unknown>> }
  /** A tool that takes program text or a patch instead of JSON (Codex). */
  | { readonly kind: 'custom'; readonly name: string; readonly namespace?: string; readonly input: string };

/** One turn of the model: what it says, then what it calls. */
export interface Answer {
  readonly text: string;
  readonly call?: ToolCall;
}

/** A reply as it goes out: each chunk is one write (for SSE, one event). */
export interface WireReply {
  readonly status: number;
  readonly headers: HeaderList;
  readonly chunks: readonly string[];
}

/** One vendor's wire format, both ways. */
export interface WireFormat {
  read(body: unknown, target: string): Conversation;
  /** @param id unique per reply; stands in the reply's first chunk and is safe in JSON and headers. */
  render(answer: Answer, conversation: Conversation, id: string): WireReply;
}
