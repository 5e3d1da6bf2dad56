/** What this installation is: read from its own package.json. */
import { readFileSync } from 'node:fs';

export interface VersionInfo {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
}

/** Reads the version of the package that this module belongs to. */
export function readVersion(): VersionInfo {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
  return { version, node: process.version, platform: `${process.platform}-${process.arch}` };
}
