import { describe, expect, it } from 'vitest';
import { shellPipelines } from '../../../src/mask/shell-commands.ts';
import { awayFrom, sentTo } from '../../../src/mask/shell-senders.ts';

function judge(line: string, own: readonly string[] = []): unknown {
  const command = shellPipelines(line)?.at(-1)?.commands.at(-1);
  return command === undefined ? 'no command' : sentTo(command, line.indexOf('@@'), new Set(own));
}

describe('where a command sends', () => {
  it.each([
    'echo @@',
    'psql postgres://a@b/c',
    'git config user.token @@',
    'git grep @@',
    'sudo cat f',
    'openssl enc -k @@',
    'docker run -e K=@@ image',
    'X=@@',
    '[ -f x ]',
  ])('nowhere: %s', (line) => {
    expect(judge(line)).toBeUndefined();
  });

  it.each<[string, readonly string[]]>([
    ['curl https://a.example/x', ['a.example']],
    [
      'curl -sSL -X POST -H "A: @@" --data-raw @@ -o f https://a.example/x http://b.example',
      ['a.example', 'b.example'],
    ],
    ['curl -HA:@@ --url=a.example/x', ['a.example']],
    ['wget -q --header=A:@@ a.example/x', ['a.example']],
    ['http POST https://a.example/x Authorization:@@ k=@@', ['a.example']],
    ['time curl https://a.example/', ['a.example']],
    ['git clone https://x:@@@a.example/r', ['a.example']],
    ['git -C d fetch https://a.example/r', ['a.example']],
  ])('to hosts: %s', (line, hosts) => {
    const found = judge(line);
    expect(new Set(Array.isArray(found) ? found : [])).toEqual(new Set(hosts));
  });

  it.each([
    'curl',
    'curl $U',
    'curl https://$H/x',
    'curl -x p.example https://a.example/',
    'curl --unknown v https://a.example/',
    'curl --resolve=a.example:443:1.2.3.4 https://a.example/',
    'curl -K f https://a.example/',
    '$c x',
    'nc a.example 80',
    'NC.EXE a.example 80',
    '/usr/bin/dig x',
    'git ci -m x',
    'git commit -m x',
    'git -c a=b tag x',
    'git $x',
    'git remote add e git@a.example:@@',
    'gh pr create',
    'openssl s_client',
    'docker login a.example',
    'kubectl exec p -- nc a.example 80',
    'xargs curl $x',
  ])('somewhere: %s', (line) => {
    expect(judge(line)).toBe('unknown');
  });

  it('somewhere when the line itself defines the command', () => {
    expect(judge('f @@')).toBeUndefined();
    expect(judge('f @@', ['f'])).toBe('unknown');
  });

  it('leaves this machine out', () => {
    expect(awayFrom(['localhost', '127.0.0.1', '[::1]', 'a.localhost', 'a.example', 'localhost.example'])).toEqual([
      'a.example',
      'localhost.example',
    ]);
  });
});
