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
