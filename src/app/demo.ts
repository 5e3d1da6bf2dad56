/** The main job with no account and no network: a stand-in vendor, the proxy, one realistic request. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProxyAgent, request } from 'undici';
import { z } from 'zod';
import { createAuthority } from '../certs/authority.ts';
import { createLeafIssuer } from '../certs/leaf.ts';
import { loadConfig } from '../config/load.ts';
import type { Decision } from '../core/decision.ts';
import type { Logger } from '../core/ports.ts';
import { openRecord } from '../audit/reader.ts';
import { AppError } from '../core/errors.ts';
import { createScript } from './stand-in/script.ts';
import { createStandIn } from './stand-in/stand-in.ts';
import { startService } from './service.ts';

/** What the demo shows. */
export interface DemoResult {
  /** The text of the file in the request, as the client sent it. */
  readonly sent: string;
  /** The same text as the vendor received it. */
  readonly received: string;
  /** What the client got back: the assistant's words and its edit. */
  readonly said: string;
  readonly edit: { readonly oldText: string; readonly newText: string };
  readonly decision: Decision;
  /** The values that were planted. */
  readonly planted: readonly string[];
  /** How many stream events the reply came in. */
  readonly events: number;
}

const host = 'api.anthropic.com';
const silent: Logger = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };

/** Values that look real and are worth nothing: made anew each time. */
function plant(): { readonly file: string; readonly values: readonly string[] } {
  const alphanumeric = (length: number): string =>
    randomBytes(length * 3)
      .toString('base64')
      .replaceAll(/[^A-Za-z0-9]/g, '')
      .slice(0, length);
  const token = `ghp_${alphanumeric(36)}`;
  const password = `${alphanumeric(10)}-9x`;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString().trim();
  const lines = [
    'APP_NAME=demo-shop',
    'PORT=3000',
    `GITHUB_TOKEN=${token}`,
    `DATABASE_URL=postgres://shop:${password}@db.internal:5432/orders`,
    ...key.split('\n'),
  ];
  // As Claude Code shows a file: a number and a tab before each line.
  return { file: lines.map((line, index) => `${index + 1}\t${line}`).join('\n'), values: [token, password, key] };
}

/** A request as Claude Code makes it: the history, with the file as a tool's result. */
function messagesRequest(file: string): string {
  const tool = (name: string) => ({ name, description: name, input_schema: { type: 'object', properties: {} } });
  return JSON.stringify({
    model: 'claude-opus-5-5',
    max_tokens: 32000,
    stream: true,
    system: [{ type: 'text', text: 'You are a coding assistant.' }],
    tools: [tool('Read'), tool('Edit'), tool('Bash')],
    messages: [
      {
        role: 'user',
        content: [{ type: 'text', text: 'Move the token in config/shop.env to a variable of its own.' }],
      },
      {
        role: 'assistant',
        content: [
          { type: 'tool_use', id: 'toolu_demo', name: 'Read', input: { file_path: '/home/dev/shop/config/shop.env' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_demo', content: file }] },
    ],
  });
}

const toolResultSchema = z.object({
  messages: z.array(z.object({ content: z.array(z.object({ content: z.string().optional() })) })),
});
const editSchema = z.object({ old_string: z.string(), new_string: z.string() });

/** The text of the tool result in a request's body. */
function toolResult(body: string): string {
  return toolResultSchema.parse(JSON.parse(body)).messages.at(-1)?.content[0]?.content ?? '';
}

const eventSchema = z.object({
  delta: z.object({ text: z.string().optional(), partial_json: z.string().optional() }).optional(),
});

/** Puts the deltas of a streamed reply together. */
function readReply(text: string): { said: string; args: string; events: number } {
  const events = text.split('\n\n').flatMap((event) => /^data: (.*)$/m.exec(event)?.[1] ?? []);
  let said = '';
  let args = '';
  for (const data of events) {
    const { delta } = eventSchema.parse(JSON.parse(data));
    said += delta?.text ?? '';
    args += delta?.partial_json ?? '';
  }
  return { said, args, events: events.length };
}

/**
 * Runs the demo in a folder of its own, which is gone afterwards.
 * @throws AppError `ERR_INTERNAL` when what came back is not what the demo is there to show
 */
export async function runDemo(version: string): Promise<DemoResult> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
  const nowMs = Date.now();
  const vendorAuthority = createAuthority(join(folder, 'vendor'), { hosts: [host], nowMs });
  const leaves = createLeafIssuer(vendorAuthority, { nowMs: Date.now });
  const script = createScript([
    { says: '' },
    {
      says: 'The token is {{GITHUB_TOKEN}}: I move it.',
      deed: {
        act: 'edit',
        path: '/home/dev/shop/config/shop.env',
        old: 'GITHUB_TOKEN={{GITHUB_TOKEN}}',
        new: 'SHOP_TOKEN={{GITHUB_TOKEN}}',
      },
    },
  ]);
  const vendor = createStandIn({ secureContextFor: (name) => leaves.secureContextFor(name), script });
  const port = await vendor.listen();
  const configPath = join(folder, 'config.yaml');
  const config = {
    listen: '127.0.0.1:0',
    admin: '127.0.0.1:0',
    upstream: { connect: { [`${host}:443`]: `127.0.0.1:${port}` }, ca: [vendorAuthority.paths.certificate] },
  };
  writeFileSync(configPath, JSON.stringify(config), { mode: 0o600 });
  const load = () => loadConfig({ env: {}, cwd: folder, flags: { config: configPath } });
  const homePath = join(folder, 'home');
  const service = await startService({
    homePath,
    loaded: load(),
    load,
    env: {},
    logger: silent,
    version,
    isDetached: false,
  });
  const agent = new ProxyAgent({ uri: service.proxyUrl, requestTls: { ca: readFileSync(service.caPath, 'utf8') } });
  try {
    const { file, values } = plant();
    const body = messagesRequest(file);
    const reply = await request(`https://${host}/v1/messages?beta=true`, {
      dispatcher: agent,
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-api-key': 'demo',
        'anthropic-version': '2023-06-01',
        'user-agent': 'claude-cli/demo',
      },
      body,
    });
    const { said, args, events } = readReply(await reply.body.text());
    await agent.close();
    await service.stop();
    const record = openRecord(homePath);
    const [recorded] = record.decisions({ limit: 1 });
    record.close();
    const received = vendor.requests[0];
    if (recorded === undefined || received === undefined)
      throw new AppError('ERR_INTERNAL', 'the demo made no exchange');
    const edit = editSchema.parse(JSON.parse(args));
    return {
      sent: toolResult(body),
      received: toolResult(Buffer.from(received.body).toString('utf8')),
      said,
      edit: { oldText: edit.old_string, newText: edit.new_string },
      decision: recorded.decision,
      planted: values,
      events,
    };
  } finally {
    await agent.close().catch(() => undefined);
    await service.stop();
    await vendor.close();
    rmSync(folder, { recursive: true, force: true });
  }
}
