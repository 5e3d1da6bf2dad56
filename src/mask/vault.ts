/** What was masked in one exchange (or session), from its real text: all that its reply may restore. */

export interface VaultEntry {
  readonly placeholder: string;
  /** The canonical value: decoded, without decoration. */
  readonly value: Uint8Array;
  readonly rule: string;
  /** Hosts of the URLs in which the value was masked; elsewhere in prose and shell it is not put into a URL. */
  readonly urlHosts: readonly string[];
}

export interface Vault {
  readonly size: number;
  /** Adds an entry; the same placeholder again only adds its URL hosts. */
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
      const added = entry.urlHosts.filter((host) => !known.urlHosts.includes(host));
      if (added.length === 0) return;
      byPlaceholder.set(entry.placeholder, { ...known, urlHosts: [...known.urlHosts, ...added] });
    },
    get: (placeholder) => byPlaceholder.get(placeholder),
    entries: () => byPlaceholder.values(),
  };
}
