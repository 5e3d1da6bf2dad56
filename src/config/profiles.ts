/** The defaults of each placement (workstation, sidecar, gateway): what is in force where nothing else says so. */
import type { Config } from './schema.ts';

const mebibyte = 1024 * 1024;

/** What all placements share, as a workstation has it. */
const workstation: Config = {
  profile: 'workstation',
  listen: '127.0.0.1:7787',
  admin: '127.0.0.1:7788',
  auth: { mode: 'optional' },
  mode: 'enforce',
  preset: 'recommended',
  policies: [],
  release: 'verdict',
  block: { as: 'auto' },
  websocket: 'inspect',
  destinations: [],
  unknownHosts: 'tunnel',
  upstream: { ca: [], connect: {} },
  network: { private: 'allow', listed: [] },
  ca: {},
  rules: ['secrets', 'regulated/*'],
  protect: { env: [], dotenv: ['.env', '.env.*'] },
  paths: [],
  markers: [],
  policy: [],
  routes: [],
  allow: [],
  restore: { prose: true, files: true, shell: true, network: false, mcp: ['filesystem', 'git', 'ide'] },
  placeholders: { prefix: 'SLUICE' },
  workers: 1,
  limits: {
    gatherBytes: 32 * mebibyte,
    gatherMemory: 64 * mebibyte,
    messageBytes: 32 * mebibyte,
    bodyBytes: 1024 * mebibyte,
    decodeDepth: 4,
    expansionRatio: 200,
    streams: 1000,
  },
  onUnreadable: 'block',
  audit: { retentionDays: 90, onFailure: 'block' },
};

const sidecar: Config = {
  ...workstation,
  profile: 'sidecar',
  unknownHosts: 'block',
  block: { as: 'error' },
  network: { private: 'refuse', listed: [] },
};

const gateway: Config = {
  ...workstation,
  profile: 'gateway',
  listen: '0.0.0.0:7787',
  auth: { mode: 'required', users: './users' },
  unknownHosts: 'block',
  block: { as: 'error' },
  network: { private: 'refuse', listed: [] },
  // A gateway has no project of its own: nothing is read from the folder it happens to start in.
  protect: { env: [], dotenv: [] },
  workers: 'auto',
  limits: { ...workstation.limits, gatherMemory: 512 * mebibyte },
};

/** Every profile's defaults. */
export const profiles = { workstation, sidecar, gateway } as const satisfies Record<Config['profile'], Config>;
