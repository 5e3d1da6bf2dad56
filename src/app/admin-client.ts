/** Talks to the running proxy of a home through its admin port. */
import { Agent, request } from 'node:http';
import { text } from 'node:stream/consumers';
import { AppError } from '../core/errors.ts';
import { failureIn } from './failure.ts';
import { readIfThere, type Home } from './home.ts';
import { isLockHeld } from './lock.ts';
import { readState, type ProxyState } from './state.ts';

const answerMs = 10_000;

export interface AdminClient {
  readonly state: ProxyState;
  /** @throws AppError `ERR_NOT_RUNNING` when nothing answers, what the proxy says is wrong, else `ERR_IO`. */
  call(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown>;
}

async function exchange(
  state: ProxyState,
  token: string,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  content?: object,
): Promise<unknown> {
  try {
    const body = content === undefined ? undefined : JSON.stringify(content);
    const { statusCode, content: read } = await ask(new URL(path, state.admin), method, token, body);
    const answer: unknown = JSON.parse(read);
    if (statusCode >= 200 && statusCode <= 299) return answer;
    throw (
      failureIn(answer) ??
      new AppError('ERR_IO', `the admin port answered ${statusCode} to ${method} ${path}`, { details: { answer } })
    );
  } catch (error: unknown) {
    if (error instanceof AppError) throw error;
    throw new AppError('ERR_NOT_RUNNING', 'no proxy answers for this home', { cause: error });
  }
}

interface Answer {
  readonly statusCode: number;
  readonly content: string;
}

/**
 * Asks by the module that every Node has loaded: commands of a shell's start files wait for this. An agent of its own
 * leaves the proxy variables aside, whatever Node is told to make of them.
 */
async function ask(url: URL, method: string, token: string, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = {
      method,
      agent: new Agent(),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      signal: AbortSignal.timeout(answerMs),
    };
    const asked = request(url, options, (reply) => {
      text(reply).then((read) => {
        resolve({ statusCode: reply.statusCode ?? 0, content: read });
      }, reject);
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

/** A client for the proxy of a home, or undefined when none answers. */
export async function connectAdmin(home: Home): Promise<AdminClient | undefined> {
  // SECURITY: whoever took the port of a proxy that died would be told the token and a run's protected values. Guarded
  // by admin-client.test.ts, "tells nothing to …".
  if (!isLockHeld(home.lock)) return undefined;
  const state = readState(home);
  const token = readIfThere(home.adminToken)?.toString('ascii').trim();
  if (state === undefined || token === undefined) return undefined;
  const client: AdminClient = { state, call: (method, path, body) => exchange(state, token, method, path, body) };
  try {
    await client.call('GET', '/api/status');
    return client;
  } catch (error: unknown) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

/** As {@link connectAdmin}. @throws AppError `ERR_NOT_RUNNING` when none answers. */
export async function requireAdmin(home: Home): Promise<AdminClient> {
  const client = await connectAdmin(home);
  if (client === undefined) throw new AppError('ERR_NOT_RUNNING', `no proxy runs for ${home.path}`);
  return client;
}
