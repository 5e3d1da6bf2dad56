/** One text that arrives in fragments: holds what may still become a placeholder, rewrites what is settled. */
import { append } from '../../core/append.ts';
import type { RestoreCounts } from '../../core/decision.ts';
import { createProseLinks } from '../../mask/prose-links.ts';
import type { Edit } from '../../mask/edit.ts';
import { applyEdits, type Restoration, type Restorer } from '../../mask/restore.ts';
import type { ReplyPart } from '../../providers/provider.ts';

/** A fragment, told its final text once that is known. */
interface Fragment {
  readonly text: string;
  readonly settle: (text: string) => void;
}

/** How much settled text is kept, in UTF-16 units. */
const contextLength = 16;

export interface DeltaStream {
  /** Adds a fragment; `settle` is called, now or later, exactly once. */
  push(text: string, settle: (text: string) => void): void;
  /** Settles everything: the text is complete. */
  end(): void;
  /**
   * More is held than may be: prose goes as it is, and whatever follows; a call becomes one that its client refuses,
   * since nothing may be written or run with a placeholder in it. Nothing happens where nothing is held.
   */
  giveUp(): void;
}

/** What a call becomes that must not be carried out: its client refuses it, and so the model is told. */
export function refusedCall(grammar: ReplyPart['grammar']): string {
  switch (grammar) {
    case 'source':
      return 'throw new Error("sluice: the call held a placeholder that cannot be resolved; read the file again and repeat the call with the placeholder exactly as it stands there");';
    case 'freeform':
      return 'sluice: the call held a placeholder that cannot be resolved; read the file again and repeat the call with the placeholder exactly as it stands there';
    case 'json':
    case 'object':
    case 'text':
      return '{}';
  }
}

/** Whether a part's text is judged only when it is complete: the arguments of a call. */
function isHeldWhole(part: ReplyPart): boolean {
  return part.grammar !== 'text';
}

/** Restores the whole text of a part. */
export function restoreWhole(restorer: Restorer, part: ReplyPart, text: string): Restoration {
  return part.grammar === 'text'
    ? restorer.prose(text, 0, true)
    : restorer.call(text, part.grammar, part.tool ?? '', part.use ?? 'unknown');
}

/** Makes the stream that `part` is the first fragment of. `count` is told what was decided. */
export function createDeltaStream(
  part: ReplyPart,
  restorer: Restorer,
  count: (counts: RestoreCounts) => void,
): DeltaStream {
  /** Fragments that are not settled, and their text joined. */
  let fragments: Fragment[] = [];
  let held = '';
  /** The last of the settled text before `held`, as it was received: whether a word begins in `held` shows there. */
  let context = '';
  /** The links that the text holds; they have read as far as it was judged. */
  const links = createProseLinks();
  /** Edits of `held` that are decided, and how far that has been read. */
  let edits: Edit[] = [];
  let read = 0;
  let hasGivenUp = false;

  /** Settles the fragments that end at or before `upTo`. */
  function settle(upTo: number): void {
    let at = 0;
    let settled = 0;
    let first = 0;
    for (const { text, settle: tell } of fragments) {
      const end = at + text.length;
      if (end > upTo) break;
      while ((edits[first]?.end ?? Infinity) <= at) first += 1;
      tell(applyEdits(text, editsOf(first, at, end)));
      at = end;
      settled += 1;
    }
    if (settled === 0) return;
    fragments = fragments.slice(settled);
    context = (context + held.slice(0, at)).slice(-contextLength);
    held = held.slice(at);
    read -= at;
    edits = edits
      .filter((edit) => edit.end > at)
      .map((edit) => ({ ...edit, start: edit.start - at, end: edit.end - at }));
  }

  /** The edits from the `first` on that touch `[from, to)`, in its offsets: the new text goes where an edit begins. */
  function editsOf(first: number, from: number, to: number): Edit[] {
    const touching: Edit[] = [];
    for (let i = first; (edits[i]?.start ?? Infinity) < to; i++) {
      const { start = 0, end = 0, text = '' } = edits[i] ?? {};
      touching.push({
        start: Math.max(start, from) - from,
        end: Math.min(end, to) - from,
        text: start >= from ? text : '',
      });
    }
    return touching;
  }

  /** Reads on in prose. */
  function readOn(isComplete: boolean): void {
    const found = restorer.prose(context + held, context.length + read, isComplete, links);
    const shift = context.length;
    append(
      edits,
      found.edits.map((edit) => ({ ...edit, start: edit.start - shift, end: edit.end - shift })),
    );
    count(found.counts);
    read = found.pending - shift;
    settle(read);
  }

  /** Judges the whole arguments of a call. */
  function judge(): void {
    const found = restoreWhole(restorer, part, held);
    count(found.counts);
    edits = found.isUnresolvable ? [{ start: 0, end: held.length, text: refusedCall(part.grammar) }] : [...found.edits];
    settle(held.length);
  }

  return {
    push(text, tell) {
      if (hasGivenUp) {
        tell(isHeldWhole(part) ? '' : text);
        return;
      }
      fragments.push({ text, settle: tell });
      held += text;
      if (!isHeldWhole(part)) readOn(false);
    },
    end() {
      if (fragments.length === 0) return;
      if (isHeldWhole(part)) judge();
      else readOn(true);
    },
    giveUp() {
      if (fragments.length === 0) return;
      hasGivenUp = true;
      edits = isHeldWhole(part) ? [{ start: 0, end: held.length, text: refusedCall(part.grammar) }] : [];
      settle(held.length);
      count({ restored: 0, heldBack: 0, unresolved: 1 });
    },
  };
}
