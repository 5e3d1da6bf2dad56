/** A detector of names beside the built proxy: what the vendor is sent, what the assistant gets back, what the tools say. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createScript } from '../../src/app/stand-in/script.ts';
import { startDetector, type DetectorStandIn } from '../helpers/detector-stand-in.ts';
import { dialects } from '../helpers/dialects.ts';
import { createProduct, eventually, type Product } from '../helpers/product.ts';

const name = 'Anna Schmidt';
const program = fileURLToPath(new URL('../helpers/detector-program.mjs', import.meta.url));
const placeholder = /SLUICE_PERSON_NAME_[a-z2-7]{16}/g;
const prompt = `Write to our client.\nCLIENT=${name}\nShe lives in Köln 🙂.`;
const answer = `Dear ${name}, hello.`;
const script = createScript([{ says: 'Dear {{CLIENT}}, hello.' }]);

let service: DetectorStandIn;
let product: Product;
beforeAll(async () => {
  service = await startDetector({ [name]: 'PERSON', Köln: 'LOCATION' });
  product = await createProduct({ script, config: { detector: { url: service.url, timeoutMs: 5000 } } });
});
afterAll(async () => {
  await product.close();
  await service.close();
});
beforeEach(() => {
  service.behave = undefined;
});

const sent = (of = product): string =>
  of.vendor.requests.map(({ body }) => Buffer.from(body).toString('utf8')).join('\n');
const lastBody = (of = product): string => Buffer.from(of.vendor.requests.at(-1)?.body ?? []).toString('utf8');
const metric = async (of: Product, line: string): Promise<number> => {
  const reply = await request(`${of.proxy.adminUrl}/metrics`);
  const found = (await reply.body.text()).split('\n').find((text) => text.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? 0);
};

describe.each(dialects)('a name in a prompt, by $name', (dialect) => {
  const url = `https://${dialect.host}${dialect.path}`;

  it('is masked to the vendor, restored in the reply, and the same in the next turn', async () => {
    const first = await product.send(url, { body: dialect.body([prompt]) });
    const [shown] = lastBody().match(placeholder) ?? [];
    const second = await product.send(url, { body: dialect.body([prompt, dialect.said(first.text), 'And now?']) });

    expect(first.status).toBe(200);
    expect(dialect.said(first.text)).toBe(answer);
    expect(second.status).toBe(200);
    expect(sent()).not.toContain(name);
    expect(sent()).toContain('Köln');
    expect(new Set(lastBody().match(placeholder))).toEqual(new Set([shown]));
    expect(lastBody().match(placeholder)).toHaveLength(2);
  });

  it('is restored in a streamed reply', async () => {
    const reply = await product.send(`https://${dialect.host}${dialect.streamPath}`, {
      body: dialect.body([prompt], true),
    });

    expect(dialect.said(reply.text)).toBe(answer);
    expect(reply.text).not.toMatch(placeholder);
  });

  it('is not sent while the detector fails, and the client is shown why in its own shape', async () => {
    service.behave = (_, reply) => (reply.writeHead(500).end(), true);
    const before = product.vendor.requests.length;

    const reply = await product.send(url, { body: dialect.body([`something new for ${dialect.name}, from ${name}`]) });

    expect(reply.status).toBe(400);
    expect(dialect.errorMessage(reply.text)).toContain('the detector of names and addresses has not seen all of it');
    expect(product.vendor.requests).toHaveLength(before);
    const [decision] = product.decisions(1);
    expect(decision).toMatchObject({ action: 'block', reason: expect.stringContaining('status 500') });
  });
});

describe('what the tools say of it', () => {
  it('counts questions, with what became of them', async () => {
    const url = 'https://api.anthropic.com/v1/messages';
    const before = await metric(product, 'sluice_detector_questions_total{result="answered"}');
    await product.send(url, {
      body: { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'counted once' }] },
    });
    service.behave = (_, reply) => (reply.end('nonsense'), true);
    await product.send(url, {
      body: { model: 'm', max_tokens: 9, messages: [{ role: 'user', content: 'counted as wrong' }] },
    });

    expect((await metric(product, 'sluice_detector_questions_total{result="answered"}')) - before).toBe(1);
    expect(await metric(product, 'sluice_detector_questions_total{result="invalid"}')).toBe(1);
    expect(await metric(product, 'sluice_detector_question_seconds_count')).toBeGreaterThan(1);
  });

  it('never names who was named: not in the record, not in what commands print of it', async () => {
    const { stdout } = await product.sluice(['log', '--json']);

    expect(stdout).toContain('detector/person');
    expect(stdout).not.toContain('Schmidt');
  });

  it('shows its labels among the rules in force', async () => {
    const { stdout, code } = await product.sluice(['rules', 'show', 'detector/person']);

    expect(code).toBe(0);
    expect(stdout).toContain('regulated, medium, mask as PERSON_NAME; pack detector');
    expect(stdout).not.toContain('pattern');
  });

  it('scan asks it too, unless told otherwise', async () => {
    const found = await product.sluice(['scan', '--json', '-'], { input: prompt });
    const masked = await product.sluice(['scan', '--mask', '-'], { input: prompt });
    const lines = await product.sluice(['scan', '--jsonl'], { input: `${JSON.stringify({ id: 1, text: prompt })}\n` });
    const without = await product.sluice(['scan', '--no-detector', '--json', '-'], { input: prompt });

    expect(JSON.parse(found.stdout)).toMatchObject({
      findings: [
        { rule: 'detector/person', line: 2, column: 8, action: 'mask' },
        { rule: 'detector/location', action: 'forward' },
      ],
    });
    expect(found.code).toBe(1);
    expect(masked.stdout).toMatch(
      /^Write to our client\.\nCLIENT=SLUICE_PERSON_NAME_[a-z2-7]{16}\nShe lives in Köln 🙂\.$/,
    );
    expect(lines.stdout).toContain('detector/person');
    expect(without).toMatchObject({ code: 0, stdout: expect.stringContaining('"findings":[]') });
  });

  it('scan fails where it does not answer, and goes on with a warning where that is said', async () => {
    service.behave = (_, reply) => (reply.writeHead(500).end(), true);
    const strict = await product.sluice(['scan', '-'], { input: prompt });
    const lax = await product.sluice(['scan', '-'], { input: prompt, env: { SLUICE_DETECTOR_ON_FAILURE: 'forward' } });

    expect(strict).toMatchObject({ code: 69, stderr: expect.stringContaining('the detector has not seen all of it') });
    expect(lax).toMatchObject({ code: 0, stderr: expect.stringContaining('the detector has not seen all of it') });
  });

  it('doctor sees whether it answers', async () => {
    const blind = await product.json('doctor');
    service.behave = (_, reply) => (reply.writeHead(500).end(), true);
    const broken = await product.json('doctor');

    expect(blind).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ id: 'detector', status: 'warn', finding: expect.stringContaining('sees no name') }),
      ]),
    });
    expect(broken).toMatchObject({
      checks: expect.arrayContaining([
        expect.objectContaining({ id: 'detector', status: 'fail', finding: expect.stringContaining('status 500') }),
      ]),
    });
  });
});

describe('a repository that means harm', () => {
  it.each([
    ['names a service of its own', 'detector: { url: "http://127.0.0.1:9/analyze" }'],
    ['names a program', 'detector: { command: [./steal] }'],
    ['turns it off', 'detector: { onFailure: forward }'],
  ])('and %s in its file is told that it cannot, and nothing is run', async (_, text) => {
    const repository = join(product.folder, 'clone');
    mkdirSync(repository, { recursive: true });
    writeFileSync(join(repository, '.sluice.yaml'), text, { mode: 0o600 });

    const { code, stderr } = await product.sluice(['run', '--', process.execPath, '-e', ''], { cwd: repository });

    expect(code).toBe(78);
    expect(stderr).toContain('unknown key "detector"');
  });
});

describe('a detector that is a program, in several workers', () => {
  it('is started by each, masks and restores as one, and ends with the proxy', async () => {
    const own = await createProduct({
      script,
      config: { workers: 2, detector: { command: [process.execPath, program], totalMs: 15_000 } },
    });
    try {
      const [dialect] = dialects;
      if (dialect === undefined) throw new Error('there is a first dialect');
      const url = `https://${dialect.host}${dialect.path}`;
      const replies = await Promise.all(
        Array.from({ length: 6 }, (_, at) => own.send(url, { body: dialect.body([`${prompt} ${String(at)}`]) })),
      );

      expect(replies.map(({ text }) => dialect.said(text))).toEqual(Array.from({ length: 6 }, () => answer));
      expect(sent(own)).not.toContain(name);
      expect(new Set(sent(own).match(placeholder)).size).toBe(1);
      await eventually('the count of all workers', async () => {
        const count = await metric(own, 'sluice_detector_questions_total{result="answered"}');
        return count >= 6 ? count : undefined;
      });
    } finally {
      await own.close();
    }
  });
});

describe('a detector that appears and goes', () => {
  it('counts from the next request after a reload', async () => {
    const own = await createProduct({ script });
    try {
      const [dialect] = dialects;
      if (dialect === undefined) throw new Error('there is a first dialect');
      const url = `https://${dialect.host}${dialect.path}`;
      let turn = 0;
      /** Whether it is asked about a text that it has not seen. */
      const isAsked = async (): Promise<boolean> => {
        const words = `turn ${String((turn += 1))}`;
        await own.send(url, { body: dialect.body([words]) });
        return service.asked.includes(words);
      };
      expect(await isAsked()).toBe(false);

      own.configure({ detector: { url: service.url } });
      await eventually('the detector', async () => (await isAsked()) || undefined);
      own.configure({});
      await eventually('its end', async () => !(await isAsked()) || undefined);
    } finally {
      await own.close();
    }
  });
});
