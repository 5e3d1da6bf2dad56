/** The users of a shared proxy while it runs: who is taken out of their file is out, whatever process answers. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { userLine } from '../../src/app/users.ts';
import { createProduct, eventually } from '../helpers/product.ts';
import { connectThrough } from '../helpers/wire.ts';

const password = 'correct horse battery';
/** So many new connections, one after the other, that hardly ever one worker gets them all. */
const connections = 8;

describe('the users file of a proxy that runs', () => {
  it.each([1, 2])('counts as it is now, with %i workers', { timeout: 60_000 }, async (workers) => {
    const [ada, bob] = await Promise.all(['ada', 'bob'].map((name) => userLine(name, password)));
    const product = await createProduct({ isStarted: false });
    onTestFinished(() => product.close());
    const users = join(product.folder, 'users');
    writeFileSync(users, `${ada}\n${bob}\n`, { mode: 0o600 });
    product.configure({ workers, auth: { mode: 'required', users } });
    await product.start();
    const statuses = async (name: string): Promise<readonly number[]> => {
      const seen = new Set<number>();
      for (let n = 0; n < connections; n += 1) {
        const credential = Buffer.from(`${name}:${password}`).toString('base64');
        const header = `Proxy-Authorization: Basic ${credential}\r\n`;
        const { socket, status } = await connectThrough(product.proxy, 'api.anthropic.com:443', header);
        socket.destroy();
        seen.add(status);
      }
      return [...seen];
    };
    expect(await statuses('ada')).toEqual([200]);

    writeFileSync(users, `${bob}\n`);
    await eventually('the end of the name taken out', async () =>
      (await statuses('ada')).includes(200) ? undefined : true,
    );
    expect(await statuses('ada')).toEqual([407]);
    expect(await statuses('bob')).toEqual([200]);

    writeFileSync(users, 'no line of the form\n');
    await product.proxy.logged(/configuration not reloaded: [^"]*users:1/);
    expect(await statuses('bob')).toEqual([200]);
  });
});
