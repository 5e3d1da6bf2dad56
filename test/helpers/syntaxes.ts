/** Ways to write a name and its value, as files, programs, commands and logs do. */

type Writer = (name: string, value: string) => string;

const json = JSON.stringify;

const writers = {
  env: (name, value) => `PORT=8080\n${name}=${value}\nDEBUG=1\n`,
  export: (name, value) => `#!/bin/sh\nexport ${name}="${value}"\n`,
  shellCommand: (name, value) => `deploy --region eu --${name.replaceAll('_', '-').toLowerCase()} ${value} --wait`,
  yaml: (name, value) => `service:\n  ${name}: ${value}\n  replicas: 2\n`,
  yamlQuoted: (name, value) => `service:\n  ${name}: "${value}"\n`,
  compose: (name, value) => `services:\n  app:\n    environment:\n      - ${name}=${value}\n`,
  json: (name, value) => json({ region: 'eu', [name]: value }, undefined, 2),
  jsonMinified: (name, value) => json({ a: 1, [name]: value, b: true }),
  jsonTwice: (name, value) => json({ content: json({ [name]: value }) }),
  jsonThrice: (name, value) => json({ messages: [{ content: json({ text: json({ [name]: value }) }) }] }),
  toml: (name, value) => `[service]\n${name} = "${value}"\n`,
  ini: (name, value) => `[service]\n${name} = ${value}\n`,
  properties: (name, value) => `service.${name}=${value}\n`,
  xml: (name, value) => `<config><${name}>${value}</${name}></config>`,
  terraform: (name, value) => `resource "x" "y" {\n  ${name} = "${value}"\n}\n`,
  javascript: (name, value) => `const ${name.replaceAll('-', '_')} = '${value}';`,
  typescript: (name, value) => `const options: Options = { ${name.replaceAll('-', '_')}: '${value}' };`,
  python: (name, value) => `${name.replaceAll('-', '_')} = "${value}"\nclient = connect()\n`,
  pythonEnviron: (name, value) => `os.environ["${name}"] = "${value}"`,
  go: (name, value) => `var ${name.replaceAll('-', '_')} string = "${value}"`,
  goShort: (name, value) => `${name.replaceAll('-', '_')} := "${value}"`,
  java: (name, value) => `private static final String ${name.replaceAll('-', '_')} = "${value}";`,
  kotlin: (name, value) => `val ${name.replaceAll('-', '_')}: String = "${value}"`,
  csharp: (name, value) => `public const string ${name.replaceAll('-', '_')} = @"${value}";`,
  ruby: (name, value) => `config.${name.replaceAll('-', '_')} = '${value}'`,
  rubyHash: (name, value) => `{ "${name}" => "${value}" }`,
  php: (name, value) => `$${name.replaceAll('-', '_')} = '${value}';`,
  rust: (name, value) => `let ${name.replaceAll('-', '_')}: &str = "${value}";`,
  swift: (name, value) => `let ${name.replaceAll('-', '_')} = "${value}"`,
  csv: (name, value) => `name,value\n${name},${value}\n`,
  log: (name, value) => `2026-11-21T10:00:00Z DEBUG retrying with ${name}=${value} attempt=2`,
  curlHeader: (name, value) => `curl -H "${name}: ${value}" https://api.acme.test/v1`,
  query: (name, value) => `GET /v1/items?${name}=${encodeURIComponent(value)}&page=2`,
  numbered: (name, value) => `    41\tregion: eu\n    42\t${name}: ${value}\n    43\treplicas: 2\n`,
  diff: (name, value) => `@@ -1,2 +1,2 @@\n-${name}=\n+${name}=${value}\n`,
  markdown: (name, value) => `Set \`${name}\` to \`${value}\` in the console.`,
} as const satisfies Record<string, Writer>;

/** Every syntax with its name. */
export const syntaxes: readonly { readonly syntax: string; readonly write: Writer }[] = Object.entries(writers).map(
  ([syntax, write]) => ({ syntax, write }),
);
