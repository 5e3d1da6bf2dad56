/** Follows prose as it grows and knows, at each place, the links that a reader of it may see there. */
import { destinationReach, type OpenLink } from './destination.ts';

export interface ProseLinks {
  /** Reads on. How the text is cut does not matter. */
  read(text: string): void;
  /** The links that are open behind what was read. */
  open(): readonly OpenLink[];
}

/**
 * How a link's destination ends.
 * - `paren`: at the closing parenthesis, parentheses in it being balanced, and before an empty line (Markdown, CSS);
 * - `reference`: of a Markdown reference definition, at the white space behind it;
 * - `angle`: at `>` or white space; `bare`: the same, of an attribute without quotes;
 * - `quote`: at the quote that began it.
 */
type Ending = 'paren' | 'reference' | 'angle' | 'bare' | 'quote';

interface Link {
  readonly start: number;
  readonly ending: Ending;
  readonly quote: string;
  /** It names several URLs or program text: nothing in it can be judged by its beginning. */
  readonly isManifold: boolean;
  /** Open parentheses in it. */
  depth: number;
  /** Whether something other than white space was read of it. */
  hasBegun: boolean;
  /** The closing bracket or quote of its own in which it stands. */
  inner: string;
}

/** So many links open in one another: all that follows counts as being in one. */
const mostOpen = 16;
/** How far back the beginning of a trigger is looked for. */
const triggerReach = 300;

/** Attributes that hold a URL which is fetched or followed. */
const urlAttribute = /(?:^|[^a-z0-9])(?:src|href|poster|formaction|longdesc|manifest|dynsrc|lowsrc)\s*=$/i;
/** Attributes that hold several, or program text. */
const manifoldAttribute = /(?:^|[^a-z0-9])(?:srcset|imagesrcset|srcdoc)\s*=$/i;
/** Attributes that are URLs, lists of them, program or form text in some elements only. */
const elementAttribute = /(?:^|[\s"'/])(action|background|data|ping|content|style|value|on[a-z]{3,20})\s*=$/i;
/** In which elements they are, where not in all. */
const elementsOf: Readonly<Record<string, readonly string[]>> = {
  action: ['form'],
  background: ['body', 'table', 'td', 'th', 'tr'],
  data: ['object'],
  ping: ['a', 'area'],
  content: ['meta'],
  value: ['form', 'input', 'button', 'textarea', 'select', 'option', 'param'],
};
const elements: ReadonlySet<string> = new Set(Object.values(elementsOf).flat());
const singleUrl: ReadonlySet<string> = new Set(['action', 'background', 'data']);

const urlScheme = /(?:^|[^a-z0-9+.-])((?:https?|wss?|ftps?|mailto):)$/i;
const schemeSlashes = /[a-z][a-z0-9+.-]*:[/\\]{2}$/i;
const worldWideWeb = /(?:^|[^a-z0-9])(www\.)$/i;
/** What a URL begins with, written as an entity. */
const writtenStart = /&(?:colon|sol|period|#0*(?:58|47|46)|#x0*(?:3a|2f|2e));$/i;
/** A host without a scheme, where its path or query begins. */
const bareHost =
  /(?:^|[=@("'`[{,;|>]|\/\/|\\\/|[^\0-\x7f])((?:(?:[a-z0-9-]+\.)+(?:[a-z]{2,}|\d{1,3})|\[[0-9a-f:.]{3,}\])(?::\d+)?)[/?#]$/i;

/** Whether a code is white space in HTML, CSS and Markdown. */
function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d && code !== 0x0b);
}

function isLetter(code: number): boolean {
  return (code | 0x20) >= 0x61 && (code | 0x20) <= 0x7a;
}

/** Makes the follower of one text. What it keeps is bounded, whatever it reads. */
export function createProseLinks(): ProseLinks {
  /** The last of the text, of which `at` is the length in all. */
  let recent = '';
  let at = 0;
  /** Where the word began that is being read, and in it the first URL. */
  let wordStart = 0;
  let wordLink = -1;
  let links: Link[] = [];
  let isCrowded = false;
  /** An attribute's name and `=` were read: its value follows. */
  let awaited: 'url' | 'manifold' | undefined;
  let tagStart = -1;
  /** Names of the elements met so far that matter; an empty one for all others. */
  const tags = new Set<string>();
  let isLineEmpty = true;
  let isEscaped = false;

  /** The text from an offset to `end`. */
  const since = (offset: number, end: number): string =>
    recent.slice(recent.length - (at - offset), recent.length - (at - end));

  function begin(start: number, ending: Ending, isManifold = false, quote = ''): void {
    if (links.length >= mostOpen) isCrowded = true;
    else links.push({ start, ending, quote, isManifold, depth: 0, hasBegun: false, inner: '' });
  }

  /** Whether a link goes on behind this character. */
  function goesOn(link: Link, char: string, code: number): boolean {
    switch (link.ending) {
      case 'quote':
        return char !== link.quote;
      case 'angle':
      case 'bare':
        return char !== '>' && !isBlank(code);
      case 'reference':
        return referenceGoesOn(link, char, code);
      case 'paren':
        return parenGoesOn(link, char, code);
    }
  }

  function referenceGoesOn(link: Link, char: string, code: number): boolean {
    if (link.inner === '>') return char !== '>' && char !== '\n';
    if (!isBlank(code)) {
      if (!link.hasBegun && char === '<') link.inner = '>';
      link.hasBegun = true;
      return true;
    }
    return !link.hasBegun && !(char === '\n' && isLineEmpty);
  }

  function parenGoesOn(link: Link, char: string, code: number): boolean {
    if (char === '\n' && isLineEmpty && link.quote !== 'css') return false;
    if (isEscaped) return true;
    if (link.inner !== '') {
      if (char === link.inner || (char === '\n' && link.inner === '>')) link.inner = '';
      return true;
    }
    if (!link.hasBegun && !isBlank(code)) {
      link.hasBegun = true;
      if (char === '<') link.inner = '>';
      else if (link.quote === 'css' && (char === '"' || char === "'")) link.inner = char;
    }
    if (char === '(') link.depth += 1;
    else if (char === ')') link.depth -= 1;
    return link.depth >= 0;
  }

  /** Notes where a URL begins in the word being read. */
  function lookForLink(pattern: RegExp, here: number): void {
    if (wordLink !== -1) return;
    const word = since(Math.max(wordStart, here + 1 - triggerReach), here + 1);
    const found = pattern.exec(word);
    if (found === null) return;
    const start = here + 1 - (found[1] === undefined ? found[0].length : word.length - word.lastIndexOf(found[1]));
    wordLink = Math.max(wordStart, start);
  }

  function readAttribute(here: number): void {
    const tail = since(Math.max(0, here - 40), here + 1);
    if (urlAttribute.test(tail)) awaited = 'url';
    else if (manifoldAttribute.test(tail)) awaited = 'manifold';
    else {
      const name = elementAttribute.exec(tail)?.[1]?.toLowerCase();
      if (name === undefined || tags.size === 0) return;
      if (elementsOf[name]?.some((element) => tags.has(element)) === false) return;
      awaited = singleUrl.has(name) ? 'url' : 'manifold';
    }
  }

  /** Begins the link that an attribute's value is, at its first character. */
  function readValue(char: string, here: number): void {
    const isManifold = awaited === 'manifold';
    awaited = undefined;
    if (char === '"' || char === "'") begin(here + 1, 'quote', isManifold, char);
    else begin(here, 'bare', isManifold);
  }

  function readTag(code: number, here: number): void {
    const name = since(tagStart, here).toLowerCase();
    tagStart = -1;
    if (!isBlank(code) && code !== 0x2f && code !== 0x3e) return;
    tags.add(elements.has(name) ? name : '');
  }

  /** Looks for what begins at or before a character. */
  function lookAround(char: string, before: string, here: number): void {
    switch (char) {
      case '(':
        if (before === ']') begin(here + 1, 'paren');
        else if (/(?:url|image-set)\($/i.test(since(Math.max(0, here - 9), here + 1))) {
          begin(here + 1, 'paren', false, 'css');
        }
        break;
      case ':': {
        if (before === ']') begin(here + 1, 'reference');
        const tail = since(Math.max(0, here - 33), here + 1);
        const scheme = /<([a-z][a-z0-9+.-]{1,31}:)$/i.exec(tail)?.[1];
        if (scheme !== undefined) begin(here + 1 - scheme.length, 'angle');
        lookForLink(urlScheme, here);
        break;
      }
      case '/':
      case '\\':
        lookForLink(schemeSlashes, here);
        if (char === '/') lookForLink(bareHost, here);
        break;
      case '?':
      case '#':
        lookForLink(bareHost, here);
        break;
      case '.':
        lookForLink(worldWideWeb, here);
        break;
      case ';':
        if (wordLink === -1 && writtenStart.test(since(Math.max(wordStart, here - 16), here + 1))) wordLink = wordStart;
        break;
      case '=':
        readAttribute(here);
        break;
      case '"':
      case "'":
        if (/@import\s*["']$/i.test(since(Math.max(0, here - 20), here + 1))) begin(here + 1, 'quote', false, char);
        break;
    }
  }

  function step(char: string, code: number, before: string, here: number): void {
    if (links.length > 0) links = links.filter((link) => goesOn(link, char, code));
    if (tagStart !== -1 && !isLetter(code) && !(code >= 0x30 && code <= 0x39)) readTag(code, here);
    if (before === '<' && isLetter(code)) tagStart = here;
    if (isBlank(code) || char === '<') {
      wordStart = here + 1;
      wordLink = -1;
    }
    if (awaited !== undefined && !isBlank(code)) readValue(char, here);
    lookAround(char, before, here);
    isEscaped = char === '\\' && !isEscaped;
    if (char === '\n') isLineEmpty = true;
    else if (!isBlank(code)) isLineEmpty = false;
  }

  return {
    read(text) {
      const kept = recent.slice(-destinationReach);
      recent = kept + text;
      const first = at;
      at += text.length;
      for (let i = 0; i < text.length; i++) {
        step(text[i] ?? '', text.charCodeAt(i), recent[kept.length + i - 1] ?? '', first + i);
      }
    },
    open() {
      const isNear = (start: number): boolean => at - start <= destinationReach;
      const found = links.map(({ start, isManifold }): OpenLink => {
        return { destination: isManifold || !isNear(start) ? undefined : since(start, at), isBare: false };
      });
      if (awaited !== undefined) found.push({ destination: '', isBare: false });
      if (isCrowded) found.push({ destination: undefined, isBare: false });
      if (wordLink !== -1) {
        found.push({ destination: isNear(wordLink) ? since(wordLink, at) : undefined, isBare: true });
      }
      return found;
    },
  };
}
