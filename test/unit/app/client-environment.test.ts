import { execFileSync } from 'node:child_process';
import { assert, constant, oneof, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  clientEnvironment,
  formatClientEnvironment,
  type ClientEnvironmentInput,
} from '../../../src/app/client-environment.ts';

const input = (over: Partial<ClientEnvironmentInput> = {}): ClientEnvironmentInput => ({
  proxyUrl: 'http://run:abc@127.0.0.1:7787',
  extraPath: '/h/ca/ca.crt',
  bundlePath: '/h/ca/bundle.pem',
  environment: {},
  inspectedHosts: ['api.anthropic.com', '*.openai.com', '192.0.2.7'],
  ...over,
});

describe('the environment of a client', () => {
  it('is exactly what the contract names', () => {
    expect(clientEnvironment(input())).toEqual({
      variables: {
        HTTPS_PROXY: 'http://run:abc@127.0.0.1:7787',
        https_proxy: 'http://run:abc@127.0.0.1:7787',
        HTTP_PROXY: 'http://run:abc@127.0.0.1:7787',
        http_proxy: 'http://run:abc@127.0.0.1:7787',
        NO_PROXY: 'localhost,127.0.0.1,::1',
        no_proxy: 'localhost,127.0.0.1,::1',
        NODE_EXTRA_CA_CERTS: '/h/ca/ca.crt',
        SSL_CERT_FILE: '/h/ca/bundle.pem',
        REQUESTS_CA_BUNDLE: '/h/ca/bundle.pem',
        CURL_CA_BUNDLE: '/h/ca/bundle.pem',
        GIT_SSL_CAINFO: '/h/ca/bundle.pem',
        PIP_CERT: '/h/ca/bundle.pem',
        AWS_CA_BUNDLE: '/h/ca/bundle.pem',
        DENO_CERT: '/h/ca/bundle.pem',
        npm_config_cafile: '/h/ca/bundle.pem',
        CODEX_CA_CERTIFICATE: '/h/ca/bundle.pem',
        NODE_USE_ENV_PROXY: '1',
        NODE_USE_SYSTEM_CA: '1',
        CLAUDE_CODE_ATTRIBUTION_HEADER: '0',
        QODER_MODEL_TRANSPORT: 'http',
      },
      unset: [],
    });
  });

  it('never has ALL_PROXY, also where the caller had it', () => {
    const { variables, unset } = clientEnvironment(input({ environment: { ALL_PROXY: 'socks5://x', all_proxy: 'y' } }));

    expect(Object.keys(variables).map((name) => name.toUpperCase())).not.toContain('ALL_PROXY');
    expect(unset).toEqual(['ALL_PROXY', 'all_proxy']);
  });

  it('keeps what was reached directly, of both spellings, each once', () => {
    const environment = { NO_PROXY: 'corp.example, .intra.example 10.0.0.0/8', no_proxy: 'corp.example,::1' };

    const { variables } = clientEnvironment(input({ environment, inspectedHosts: ['api.anthropic.com'] }));

    expect(variables['NO_PROXY']).toBe('corp.example,.intra.example,10.0.0.0/8,::1,localhost,127.0.0.1');
    expect(variables['no_proxy']).toBe(variables['NO_PROXY']);
  });

  it.each([
    '*',
    'api.anthropic.com',
    'API.Anthropic.com.',
    'api.anthropic.com:443',
    'anthropic.com',
    '.anthropic.com',
    '*.anthropic.com',
    '*anthropic.com',
    'thropic.com',
    'com',
    '.com',
    'api.*.com',
    'openai.com',
    '.openai.com',
    'chat.openai.com',
    'eu.chat.openai.com:443',
    '192.0.2.7',
    '192.0.2.0/24',
  ])('drops %s, by which an inspected host could be reached directly', (entry) => {
    const { variables } = clientEnvironment(input({ environment: { NO_PROXY: `corp.example,${entry}` } }));

    expect(variables['NO_PROXY']).toBe('corp.example,localhost,127.0.0.1,::1');
  });

  it.each(['console.anthropic.com', 'api.anthropic.com.evil.example', 'myopenai.com.example', '192.0.2.8', '[::1]:80'])(
    'keeps %s, which reaches no inspected host',
    (entry) => {
      const { variables } = clientEnvironment(input({ environment: { NO_PROXY: entry } }));

      expect(variables['NO_PROXY']?.split(',')).toContain(entry);
    },
  );

  it('keeps the loopback names alone where every host is inspected', () => {
    const environment = { NO_PROXY: 'corp.example,10.0.0.1' };

    expect(clientEnvironment(input({ environment, inspectedHosts: ['*'] })).variables['NO_PROXY']).toBe(
      'localhost,127.0.0.1,::1',
    );
  });

  it('sends even a loopback name through the proxy where it is inspected', () => {
    expect(clientEnvironment(input({ inspectedHosts: ['localhost'] })).variables['NO_PROXY']).toBe('127.0.0.1,::1');
  });
});

describe('printing it for a shell', () => {
  const odd = `a'b"c\`d$e\\f ’‘ $(id) %PATH% !x\ny`;

  it.each([
    ['bash', "unset ALL_PROXY\nexport A='it'\\''s \\n'\n"],
    ['fish', "set -e ALL_PROXY\nset -gx A 'it\\'s \\\\n'\n"],
    ['pwsh', "Remove-Item Env:ALL_PROXY -ErrorAction SilentlyContinue\n$env:A = 'it''s \\n'\n"],
    ['json', '{"schemaVersion":1,"variables":{"A":"it\'s \\\\n"}}\n'],
  ] as const)('quotes for %s', (shell, expected) => {
    expect(formatClientEnvironment({ variables: { A: "it's \\n" }, unset: ['ALL_PROXY'] }, shell)).toBe(expected);
  });

  it('doubles every kind of quote that PowerShell takes for one', () => {
    expect(formatClientEnvironment({ variables: { A: '‘’‚‛' }, unset: [] }, 'pwsh')).toBe("$env:A = '‘‘’’‚‚‛‛'\n");
  });

  it('is read back by a POSIX shell as it was', () => {
    assert(
      property(
        oneof(constant(odd), string({ unit: 'binary' })).filter((value) => !/[\0\p{Surrogate}]/u.test(value)),
        (value) => {
          const script = formatClientEnvironment({ variables: { A: value }, unset: [] }, 'bash');

          const printed = execFileSync('/bin/sh', ['-c', `${script}printf '%s' "$A"`], { encoding: 'utf8' });

          expect(printed).toBe(value);
        },
      ),
      { numRuns: 50 },
    );
  });
});
