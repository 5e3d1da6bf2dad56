/** The stand-in's "model": plays one step a turn, using the values it was shown, placeholders when they were masked. */
import { toolCall } from './tools.ts';
import type { Answer, Conversation } from './conversation.ts';
import type { Deed } from './tools.ts';

/**
 * One turn. In every text of it `{{NAME}}` stands for the value that the model saw as `NAME=value`. `says` precedes
 * the call; a step without a deed ends the conversation.
 */
export interface ScriptStep {
  readonly says: string;
  readonly deed?: Deed;
}

/** Decides the model's turn. */
export type Script = (conversation: Conversation) => Answer;

/** What a router's question gets: Gemini CLI rates a prompt's complexity before it sends it. */
const routerAnswer = JSON.stringify({ complexity_reasoning: 'A simple task.', complexity_score: 10 });

/** The value shown as `NAME=value`, as the model saw it last; undefined when it was not shown. */
export function shownValue(texts: readonly string[], name: string): string | undefined {
  const assignment = new RegExp(`(?:^|[^A-Za-z0-9_])${name}=([^\\s"'\\\\]+)`);
  for (const text of texts.toReversed()) {
    const value = assignment.exec(text)?.[1];
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Fills `{{NAME}}`; a name that was never shown becomes `(NAME was not shown)`, so that what depends on it fails. */
function fill(template: string, texts: readonly string[]): string {
  return template.replaceAll(/\{\{([A-Z][A-Z0-9_]*)\}\}/g, (_match, name: string) => {
    return shownValue(texts, name) ?? `(${name} was not shown)`;
  });
}

function fillDeed(deed: Deed, texts: readonly string[]): Deed {
  switch (deed.act) {
    case 'read':
      return deed;
    case 'edit':
      return { ...deed, old: fill(deed.old, texts), new: fill(deed.new, texts) };
    case 'write':
      return { ...deed, content: fill(deed.content, texts) };
    case 'run':
      return { ...deed, command: fill(deed.command, texts) };
  }
}

/** Plays the steps in order, one for each tool result seen; the last one stays. */
export function createScript(steps: readonly ScriptStep[]): Script {
  return (conversation) => {
    if (conversation.wantsJson) return { text: routerAnswer };
    const step = steps[Math.min(conversation.results, steps.length - 1)];
    // Side requests (titles, summaries) offer no tools: they get words.
    if (step === undefined || (step.deed !== undefined && conversation.tools.size === 0)) return { text: 'Done.' };
    const text = fill(step.says, conversation.texts);
    if (step.deed === undefined) return { text };
    const call = toolCall(fillDeed(step.deed, conversation.texts), conversation.tools);
    return call === undefined ? { text: 'None of the tools offered is known.' } : { text, call };
  };
}
