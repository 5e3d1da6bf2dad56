/** What is known about a vendor: its hosts, its routes, where it sits, what it is told on the side. */
import type { Provider } from './provider.ts';

/** A pattern of hosts: exact, or `*.domain` for any depth below it. Lower case. */
type HostPattern = string;

/** A side channel: a route that carries no conversation but says something about the user or the machine. */
interface SideChannel {
  readonly name: string;
  readonly hosts: readonly HostPattern[];
  /** Path globs: `**` any depth, `*` one segment. */
  readonly paths: readonly string[];
}

/** A route on which credentials are exchanged; its bodies pass untouched to this vendor, recorded as such. */
interface CredentialRoute {
  readonly method: string;
  readonly host: HostPattern;
  readonly path: string;
}

/** Where a request may present the credential of its own vendor. Names in lower case. */
export interface OwnCredentials {
  readonly headers: readonly string[];
  readonly query: readonly string[];
  /** Whether the `cookie` header is one. */
  readonly cookies: boolean;
}

export interface Vendor {
  readonly id: string;
  readonly name: string;
  readonly hosts: readonly HostPattern[];
  /** Where the operator sits: ISO 3166-1 alpha-2, or `unknown`. */
  readonly jurisdiction: string;
  /** Its terms on data, for the report. */
  readonly terms: string;
  readonly credentials: OwnCredentials;
  readonly credentialRoutes: readonly CredentialRoute[];
  readonly sideChannels: readonly SideChannel[];
}

/** What a request is, by its host, method and path. */
export interface RouteMatch {
  readonly provider: Provider;
  /** The vendor's id; undefined for hosts that no vendor is known for. */
  readonly vendor?: string;
  /** The path is one that the provider knows: a body that does not parse there is unreadable, not text. */
  readonly isKnownRoute: boolean;
  readonly isCredentialExchange: boolean;
  /** The side channel's name, if it is one. */
  readonly sideChannel?: string;
}
