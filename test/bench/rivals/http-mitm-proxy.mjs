/** http-mitm-proxy as it comes, changing nothing: `node http-mitm-proxy.mjs <packages> <folder> <vendor CA> <vendor port>`. */
import dns from 'node:dns';
import { readFileSync } from 'node:fs';
import { Agent } from 'node:https';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [packages, folder, vendorCa] = process.argv.slice(2);
const { Proxy } = createRequire(join(packages, 'package.json'))('http-mitm-proxy');

// Every vendor is on this machine.
dns.lookup = (_host, options, done) => {
  const answer = typeof options === 'function' ? options : done;
  if (options?.all === true) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  else answer(null, '127.0.0.1', 4);
};

const proxy = new Proxy();
// What it prints of each error would cost it time.
proxy.onError(() => undefined);
proxy.listen(
  {
    host: '127.0.0.1',
    port: 0,
    sslCaDir: folder,
    keepAlive: true,
    httpsAgent: new Agent({ keepAlive: true, ca: readFileSync(vendorCa) }),
  },
  (error) => {
    if (error) throw error;
    console.log(JSON.stringify({ port: proxy.httpPort, ca: join(folder, 'certs/ca.pem') }));
  },
);
