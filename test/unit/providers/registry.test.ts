import { describe, expect, it } from 'vitest';
import { registry } from '../../../src/providers/registry.ts';

describe('whose a host is', () => {
  it.each([
    ['api.anthropic.com', 'anthropic', 'US'],
    ['API.Anthropic.com.', 'anthropic', 'US'],
    ['claude.ai', 'anthropic', 'US'],
    ['chatgpt.com', 'openai', 'US'],
    ['ab.chatgpt.com', 'openai', 'US'],
    ['generativelanguage.googleapis.com', 'google', 'US'],
    ['europe-west4-aiplatform.googleapis.com', 'google', 'US'],
    ['api.individual.githubcopilot.com', 'github-copilot', 'US'],
    ['bedrock-runtime.eu-central-1.amazonaws.com', 'amazon-bedrock', 'US'],
    ['api.deepseek.com', 'deepseek', 'CN'],
    ['dashscope-intl.aliyuncs.com', 'alibaba', 'CN'],
    ['api.mistral.ai', 'mistral', 'FR'],
  ])('%s is of %s', (host, vendor, jurisdiction) => {
    expect(registry.vendorOf(host)).toMatchObject({ id: vendor, jurisdiction });
  });

  it.each(['anthropic.com.evil.example', 'evilanthropic.com', 'storage.googleapis.com', 's3.amazonaws.com', ''])(
    '%j is nobody’s',
    (host) => {
      expect(registry.vendorOf(host)).toBeUndefined();
    },
  );

  it('knows the hosts that development needs', () => {
    expect(registry.isDeveloperHost('github.com')).toBe(true);
    expect(registry.isDeveloperHost('raw.githubusercontent.com')).toBe(true);
    expect(registry.isDeveloperHost('github.com.evil.example')).toBe(false);
  });

  it('names every vendor once, with terms and a jurisdiction', () => {
    const ids = registry.vendors.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const vendor of registry.vendors) {
      expect(vendor.terms).toMatch(/^https:\/\//);
      expect(vendor.jurisdiction).toMatch(/^[A-Z]{2}$/);
      for (const host of vendor.hosts) expect(host).toMatch(/^(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)+$/);
    }
    const hosts = registry.vendors.flatMap((vendor) => vendor.hosts);
    expect(new Set(hosts).size).toBe(hosts.length);
  });
});

describe('what a request is', () => {
  it.each([
    ['api.anthropic.com', '/v1/messages?beta=true', 'anthropic-messages'],
    ['api.anthropic.com', '/v1/messages/count_tokens', 'anthropic-messages'],
    ['api.business.githubcopilot.com', '/v1/messages', 'anthropic-messages'],
    ['api.deepseek.com', '/anthropic/v1/messages', 'anthropic-messages'],
    ['api.openai.com', '/v1/responses', 'openai-responses'],
    ['api.openai.com', '/v1/chat/completions', 'openai-chat'],
    ['codestral.mistral.ai', '/v1/fim/completions', 'openai-chat'],
    ['chatgpt.com', '/backend-api/codex/responses', 'openai-responses'],
    ['chatgpt.com', '/backend-api/codex/responses/compact', 'openai-responses'],
    ['dashscope.aliyuncs.com', '/compatible-mode/v1/chat/completions', 'openai-chat'],
    ['open.bigmodel.cn', '/api/paas/v4/chat/completions', 'openai-chat'],
    ['x.openai.azure.com', '/openai/deployments/d/chat/completions?api-version=1', 'openai-chat'],
    ['generativelanguage.googleapis.com', '/v1beta/models/m:streamGenerateContent?alt=sse', 'gemini'],
    ['generativelanguage.googleapis.com', '/v1beta/models/m:generateContent', 'gemini'],
    ['cloudcode-pa.googleapis.com', '/v1internal:streamGenerateContent?alt=sse', 'gemini-code-assist'],
    ['us-east5-aiplatform.googleapis.com', '/v1/x/models/claude:streamRawPredict', 'anthropic-messages'],
    ['bedrock-runtime.us-east-1.amazonaws.com', '/model/anthropic.claude/invoke', 'anthropic-messages'],
  ])('POST %s%s speaks %s', (host, path, provider) => {
    const route = registry.routeOf(host, 'POST', path);
    expect(route.provider.id).toBe(provider);
    expect(route.isKnownRoute).toBe(true);
    expect(route.isCredentialExchange).toBe(false);
  });

  it('reads a known format on a host of nobody’s, without relying on it', () => {
    const route = registry.routeOf('llm.corp.example', 'POST', '/v1/chat/completions');
    expect(route.provider.id).toBe('openai-chat');
    expect(route.isKnownRoute).toBe(false);
    expect(route.vendor).toBeUndefined();
  });

  it.each([
    ['api.anthropic.com', 'GET', '/v1/messages'],
    ['api.anthropic.com', 'POST', '/v1/files'],
    ['api.openai.com', 'POST', '/v1/threads/t/messages'],
    ['unknown.example', 'POST', '/'],
  ])('%s %s %s is generic', (host, method, path) => {
    expect(registry.routeOf(host, method, path)).toMatchObject({ provider: { id: 'generic' }, isKnownRoute: false });
  });

  it.each([
    ['platform.claude.com', 'POST', '/v1/oauth/token', true],
    ['auth.openai.com', 'POST', '/oauth/token?x=1', true],
    ['oauth2.googleapis.com', 'POST', '/token', true],
    ['oauth2.googleapis.com', 'GET', '/token', false],
    ['api.openai.com', 'POST', '/oauth/token', false],
    ['evil.example', 'POST', '/v1/oauth/token', false],
  ])('%s %s %s exchanges credentials: %s', (host, method, path, expected) => {
    expect(registry.routeOf(host, method, path).isCredentialExchange).toBe(expected);
  });

  it.each([
    '/api/accounts/deviceauth/../../../v1/responses',
    '/api/accounts/deviceauth/%2e%2E/x',
    '/api/accounts/deviceauth/./x',
    '/api/accounts/deviceauth//x',
    '/api/accounts/deviceauth/..%2f..%2fx',
    '/api/accounts/deviceauth/..\\x',
    '/api/accounts/deviceauth/..;/x',
  ])('reads what comes by a road that leads elsewhere: %s', (path) => {
    expect(registry.routeOf('auth.openai.com', 'POST', '/api/accounts/deviceauth/usercode').isCredentialExchange).toBe(
      true,
    );
    expect(registry.routeOf('auth.openai.com', 'POST', path).isCredentialExchange).toBe(false);
  });

  it.each([
    ['api.anthropic.com', '/api/event_logging/v2/batch', 'telemetry'],
    ['api.anthropic.com', '/api/eval/sdk-x', 'feature flags'],
    ['ab.chatgpt.com', '/otlp/v1/logs', 'telemetry'],
    ['play.googleapis.com', '/log?format=json', 'telemetry'],
    ['abc-default-sea.rum.aliyuncs.com', '/', 'telemetry'],
  ])('%s%s is the side channel %s', (host, path, name) => {
    expect(registry.routeOf(host, 'POST', path).sideChannel).toBe(name);
  });

  it('does not call the conversation a side channel', () => {
    expect(registry.routeOf('api.anthropic.com', 'POST', '/v1/messages')).not.toHaveProperty('sideChannel');
  });
});
