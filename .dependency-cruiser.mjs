/** Who may import whom: the table of rooms, checked by `npm run boundaries`. */

/** What each room of `src/` may import besides itself and `core/`. `app` and `cli` are the rim. */
const rooms = {
  core: [],
  detect: [],
  body: ['detect'],
  mask: ['body'],
  providers: ['body'],
  policy: [],
  rules: ['detect'],
  config: ['rules', 'policy'],
  certs: [],
  inspect: ['detect', 'body', 'mask', 'providers', 'policy'],
  // `body` for the names and limits of content codings, which its one-shot and the proxy's streams share.
  proxy: ['inspect', 'providers', 'certs', 'body'],
  audit: [],
  observe: [],
  admin: [],
  report: ['providers'],
  adapters: ['inspect', 'providers'],
  app: ['.*'],
  cli: ['app', 'config'],
};

/** Rooms without input, output, clock or timers: the same code serves the proxy, `scan`, tests and fuzzers. */
const pureRooms = ['core', 'detect', 'body', 'mask', 'providers', 'policy', 'inspect'];

const boundaries = Object.entries(rooms).map(([room, others]) => ({
  name: `${room}-imports`,
  comment: `src/${room} may import ${['core', room, ...others].join(', ')} only`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${['core', room, ...others].join('|')})/` },
}));

export default {
  forbidden: [
    ...boundaries,
    {
      name: 'known-room',
      comment: 'every file of src/ stands in a room of the table',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` },
      to: {},
    },
    {
      name: 'pure-rooms',
      comment: 'pure rooms do no input or output',
      severity: 'error',
      from: { path: `^src/(${pureRooms.join('|')})/` },
      to: {
        path: '^(node:)?(fs|fs/promises|net|http|http2|https|tls|dns|dgram|timers|timers/promises|child_process|worker_threads|cluster|os|process|perf_hooks)$',
      },
    },
    { name: 'no-circular', comment: 'no import cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'not-to-dev-dependency',
      comment: 'what ships does not need development packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'every import resolves',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^src/detect/kernel/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { extensions: ['.ts', '.js', '.json'], conditionNames: ['import', 'node', 'default'] },
  },
};
