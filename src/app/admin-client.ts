/** Talks to the running proxy of a home through its admin port. */
import { request } from 'undici';
import { AppError } from '../core/errors.ts';
import { readIfThere, type Home } from './home.ts';
import { readState, type ProxyState } from './state.ts';

const answerMs = 10_000;

export interface AdminClient {
  readonly state: ProxyState;
  /** @throws AppError `ERR_NOT_RUNNING` when nothing answers, `ERR_IO` when the answer is not what was asked for. */
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
    const { statusCode, body } = await request(state.admin + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: content === undefined ? null : JSON.stringify(content),
      headersTimeout: answerMs,
      bodyTimeout: answerMs,
    });
    const answer: unknown = await body.json();
    if (statusCode >= 200 && statusCode <= 299) return answer;
    throw new AppError('ERR_IO', `the admin port answered ${statusCode} to ${method} ${path}`, { details: { answer } });
  } catch (error: unknown) {
    if (error instanceof AppError) throw error;
    throw new AppError('ERR_NOT_RUNNING', 'no proxy answers for this home', { cause: error });
  }
}

/** A client for the proxy of a home, or undefined when none answers. */
export async function connectAdmin(home: Home): Promise<AdminClient | undefined> {
  const state = readState(home);
  const token = readIfThere(home.adminToken)?.toString('ascii').trim();
  if (state === undefined || token === undefined) return undefined;
  const client: AdminClient = { state, call: (method, path, body) => exchange(state, token, method, path, body) };
  try {
    // Asked with the token: another program that took the port over cannot answer for the proxy.
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
