import { describe, expect, it } from 'vitest';
import { createPolicy } from '../../../src/policy/create-policy.ts';
import type { PolicyLayer } from '../../../src/policy/layer.ts';
import { routeSchema } from '../../../src/policy/schema.ts';

const route = (path: string, action: string, more: object = {}) =>
  routeSchema.parse({ hosts: ['*.x.test'], paths: [path], action, ...more });
const policyOf = (user: Partial<PolicyLayer>, organisation: Partial<PolicyLayer> = {}) =>
  createPolicy({
    user: { name: 'user', ...user },
    organisation: [{ name: 'organisation', ...organisation }],
    ruleIds: [],
  });

describe('side channels', () => {
  const answered = { routes: [route('/log/**', 'answer', { status: 202, json: { ok: true } })] };

  it.each([
    ['api.x.test', '/log/batch?x=1', true],
    ['API.X.test.', '/log/a/b', true],
    ['api.x.test', '/v1/messages', false],
    ['api.y.test', '/log/batch', false],
    ['api.x.test', '/v1?p=/log/batch', false],
    ['api.x.test', '/v1/../log/batch', true],
    ['api.x.test', '/v1/%2E%2e//log/batch', true],
    ['api.x.test', '/%6Cog/batch', true],
    ['api.x.test', '/%zz/batch', false],
  ])('%s %s is answered: %s', (host, target, isAnswered) => {
    const decided = policyOf(answered).sideRoute(host, target);

    expect(decided).toEqual(
      isAnswered ? { action: 'answer', status: 202, json: { ok: true }, by: 'routes[0]' } : undefined,
    );
  });

  it('take the first match of a layer and the strictest of the layers', () => {
    const first = { routes: [route('/log/a', 'forward'), route('/log/**', 'answer')] };

    expect(policyOf(first).sideRoute('a.x.test', '/log/a')?.action).toBe('forward');
    expect(policyOf(first, { routes: [route('/**', 'block')] }).sideRoute('a.x.test', '/log/a')).toMatchObject({
      action: 'block',
      by: 'organisation routes[0]',
    });
    expect(policyOf(answered, { routes: [route('/**', 'forward')] }).sideRoute('a.x.test', '/log/a')?.action).toBe(
      'answer',
    );
  });

  it('are only noted in observe mode', () => {
    expect(policyOf({ mode: 'observe', ...answered }).sideRoute('a.x.test', '/log/a')).toMatchObject({
      action: 'forward',
      by: 'observe: would answer (routes[0])',
    });
  });
});
