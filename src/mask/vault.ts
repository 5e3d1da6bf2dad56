/** What was masked in one exchange (or session), from its real text: all that its reply may restore. */

export interface VaultEntry {
  readonly placeholder: string;
  /** The canonical value: decoded, without decoration. */
  readonly value: Uint8Array;
  readonly rule: string;
  /** Hosts of the URLs in which the value was masked; elsewhere in prose and shell it is not put into a URL. */
  readonly urlHosts: readonly string[];
  /** How it was written where it was masked, if otherwise than the canonical value. */
  readonly spellings?: readonly Spelling[];
  /** What is put back in place of the value: the placeholder stands for a value that is spelled so (`a&amp;b`). */
  readonly written?: string;
}

/** A way in which a value of several lines stood in a text: with literal line ends, as a list of strings. */
export interface Spelling {
  /** The character before it: a quote, an equals sign. */
  readonly behind: string;
  readonly text: string;
}

/** More ways than these to write one value are not kept. */
const mostSpellings = 8;

/** The elements of a list and those of another that are not among them. */
function joined<Element>(
  some: readonly Element[],
  others: readonly Element[],
  isSame: (a: Element, b: Element) => boolean,
): readonly Element[] {
  return [...some, ...others.filter((other) => !some.some((one) => isSame(one, other)))];
}

export interface Vault {
  readonly size: number;
  /** Adds an entry; the same placeholder again only adds its URL hosts and spellings. */
  add(entry: VaultEntry): void;
  get(placeholder: string): VaultEntry | undefined;
  entries(): Iterable<VaultEntry>;
}

/** Makes an empty vault. It lives as long as its exchange or session and is never written anywhere. */
export function createVault(): Vault {
  const byPlaceholder = new Map<string, VaultEntry>();
  return {
    get size() {
      return byPlaceholder.size;
    },
    add(entry) {
      const known = byPlaceholder.get(entry.placeholder);
      if (known === undefined) {
        byPlaceholder.set(entry.placeholder, entry);
        return;
      }
      const urlHosts = joined(known.urlHosts, entry.urlHosts, (a, b) => a === b);
      const spellings = joined(
        known.spellings ?? [],
        entry.spellings ?? [],
        (a, b) => a.behind === b.behind && a.text === b.text,
      ).slice(0, mostSpellings);
      byPlaceholder.set(entry.placeholder, { ...known, urlHosts, ...(spellings.length === 0 ? {} : { spellings }) });
    },
    get: (placeholder) => byPlaceholder.get(placeholder),
    entries: () => byPlaceholder.values(),
  };
}
