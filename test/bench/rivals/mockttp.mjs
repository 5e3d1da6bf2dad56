/** mockttp passing everything through: `node mockttp.mjs <packages> <folder> <vendor CA>`. */
import dns from 'node:dns';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, folder, vendorCa] = process.argv.slice(2);
const { generateCACertificate, getLocal } = createRequire(join(packages, 'package.json'))('mockttp');

// Every vendor is on this machine.
dns.lookup = (_host, options, done) => {
  const answer = typeof options === 'function' ? options : done;
  if (options?.all === true) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  else answer(null, '127.0.0.1', 4);
};

const https = await generateCACertificate();
const caPath = join(folder, 'mockttp-ca.pem');
writeFileSync(caPath, https.cert);
const server = getLocal({ https, recordTraffic: false, suggestChanges: false });
await server
  .forUnmatchedRequest()
  .thenPassThrough({ additionalTrustedCAs: [{ cert: readFileSync(vendorCa, 'utf8') }] });
await server.start();
console.log(JSON.stringify({ port: server.port, ca: caPath }));
