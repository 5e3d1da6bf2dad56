/** Commands that send what they are given to another machine, and to which hosts. */
import { append } from '../core/append.ts';
import { hostsOf } from './destination.ts';
import type { ShellCommand, ShellWord } from './shell-commands.ts';

/** Where a command sends: hosts; `unknown` when one cannot be told; undefined when it does not send. */
export type SentTo = readonly string[] | 'unknown' | undefined;

/** Commands that fetch a URL and whose options are known well enough to tell it from the rest. */
const fetchers = new Set('curl wget http https xh curlie'.split(' '));

const senders = new Set(
  (
    'aria2c axel lynx w3m links elinks nc ncat netcat socat telnet ssh scp sftp rsync ftp lftp tftp sshpass autossh mosh ' +
    'dig nslookup host drill kdig getent ping ping6 fping hping3 traceroute traceroute6 tracepath mtr whois finger nmap ' +
    'nping mail mailx sendmail mutt msmtp swaks gh glab hub tea jira slack slackcat ntfy apprise open xdg-open ' +
    'x-www-browser sensible-browser wslview start chrome google-chrome chromium chromium-browser firefox safari ' +
    'iwr irm invoke-webrequest invoke-restmethod start-process resolve-dnsname test-netconnection test-connection ' +
    'send-mailmessage certutil bitsadmin websocat wscat grpcurl mosquitto_pub kcat kafkacat rclone s3cmd gsutil azcopy ' +
    'croc wormhole ngrok cloudflared ldapsearch smbclient snmpget logger telegram-send httpx hurl ab wrk hey'
  ).split(' '),
);

/** Commands that run another, which one of their words names. */
const runners = new Set(
  (
    'sudo doas env xargs parallel time timeout gtimeout nohup nice ionice exec command builtin busybox toybox setsid ' +
    'stdbuf unbuffer script watch strace ltrace find fd entr flock chronic proxychains proxychains4 torsocks torify ' +
    'docker podman nerdctl kubectl oc crictl lxc nsenter chroot unshare npx pnpx bunx uvx pipx poetry uv pnpm yarn ' +
    'dotenv direnv op doppler aws-vault trap coproc then do else'
  ).split(' '),
);

/** What git does with other machines, or says to others. */
const gitSaying = new Set(
  'commit commit-tree tag notes merge push send-email request-pull imap-send svn p4'.split(' '),
);
const gitFetching = new Set('clone fetch pull ls-remote remote submodule archive fetch-pack send-pack'.split(' '));
/** What git does on this machine; any other name may be an alias for what does not stay here. */
const gitLocal = new Set(
  (
    'add am apply bisect blame branch bundle cat-file check-attr check-ignore checkout cherry cherry-pick clean config ' +
    'credential describe diff diff-files diff-index diff-tree difftool fast-export fast-import filter-branch filter-repo ' +
    'format-patch fsck gc grep hash-object help init interpret-trailers log ls-files ls-tree maintenance merge-base ' +
    'merge-file mergetool mktree mv name-rev range-diff read-tree rebase reflog replace reset restore rev-list rev-parse ' +
    'revert rm shortlog show show-branch show-ref sparse-checkout stash status switch symbolic-ref update-index ' +
    'update-ref var verify-commit version whatchanged worktree write-tree'
  ).split(' '),
);
/** Options of git's own that take the next word. */
const gitValued = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace', '--config-env', '--exec-path']);

/** Commands of which one subcommand hands a password to a service. */
const loginCommands = /^(?:docker|podman|nerdctl|helm|npm|pnpm|yarn|oc|cargo|twine|vault|heroku|vercel|netlify)$/;

/** Options of fetchers whose value is data, a file or a number, never where to send. */
const valued = new Set(
  (
    'header data data-raw data-binary data-urlencode data-ascii json form form-string user request output user-agent ' +
    'cookie cookie-jar referer write-out max-time connect-timeout retry retry-delay retry-max-time cacert cert key ' +
    'upload-file url-query oauth2-bearer limit-rate range dump-header output-dir post-data post-file method body-data ' +
    'body-file password http-password http-user output-document timeout tries directory-prefix auth auth-type session'
  ).split(' '),
);
/** Short options of curl and wget that take a value of that sort; `q`, `s` and the like take none. */
const valuedShort = /^-[A-Za-z0-9#]*?[HdFuXoAbecmwCDrTOPa]$/;
const attachedShort = /^-[A-Za-z0-9#]*?[HdFuXoAbecmwDrT]./;
const plainShort = /^-[sSfLivkgGIqn0146#NOJ]+$/;
const plainLong = new Set(
  (
    'silent show-error fail fail-with-body location include insecure verbose compressed get head http1.0 http1.1 http2 ' +
    'globoff no-buffer ipv4 ipv6 remote-name remote-header-name create-dirs no-progress-meter progress-bar quiet ' +
    'no-verbose server-response content-on-error no-check-certificate form print follow check-status body headers pretty ' +
    'ignore-stdin all'
  ).split(' '),
);
const httpMethod = /^(?:GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS)$/;
/** What HTTPie sends: `Name:value`, `name=value`, `name:=json`, `name@file`. */
const requestItem = /^[\w.-]+(?::=?(?!\/\/)|==?|=@|@)/;

/** Whether a host is this machine. */
function isLoopback(host: string): boolean {
  return /^(?:localhost|[a-z0-9.-]+\.localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(host);
}

/** Hosts that are not this machine; a value does not leave home towards it. */
export function awayFrom(hosts: readonly string[]): readonly string[] {
  return hosts.filter((host) => !isLoopback(host));
}

/** A command's name without its folder and extension, lower case. */
function commandName(text: string): string {
  return text
    .replace(/^.*[/\\]/, '')
    .replace(/\.(?:exe|cmd|bat|com)$/i, '')
    .toLowerCase();
}

/** Hosts of the URLs that a fetcher's words name; any word that is not understood may be one more. */
function fetchedFrom(name: string, words: readonly ShellWord[]): SentTo {
  const hosts: string[] = [];
  let isValue = false;
  let urls = 0;
  const add = ({ text, isLiteral }: ShellWord, url = text): boolean => {
    const named =
      isLiteral || !/[$`{}[\]*~]/.test(url.split(/(?<=[^/:])[/?#]/, 1)[0] ?? '') ? hostsOf(url, true) : undefined;
    if (named === undefined) return false;
    append(hosts, named);
    urls += 1;
    return true;
  };
  for (const word of words) {
    const { text } = word;
    const long = /^--([a-z0-9.-]+)(?:=([\s\S]*))?$/i.exec(text);
    if (isValue) isValue = false;
    else if (text === '--url' || httpMethod.test(text) || text === '-' || plainShort.test(text)) continue;
    else if (long !== null) {
      const [, option = '', value] = long;
      if (option === 'url' && value !== undefined) {
        if (!add(word, value)) return 'unknown';
      } else if (valued.has(option)) isValue = value === undefined;
      else if (!plainLong.has(option)) return 'unknown';
    } else if (valuedShort.test(text)) isValue = true;
    else if (attachedShort.test(text)) continue;
    else if (text.startsWith('-')) return 'unknown';
    else if (urls > 0 && name !== 'curl' && name !== 'wget' && requestItem.test(text)) continue;
    else if (!add(word)) return 'unknown';
  }
  return urls === 0 ? 'unknown' : hosts;
}

/** What git's subcommand does with the word at `at` (the offset of a value in the command line). */
function gitSends(words: readonly ShellWord[], at: number): SentTo {
  let i = 0;
  while (words[i]?.text.startsWith('-') === true) i += gitValued.has(words[i]?.text ?? '') ? 2 : 1;
  const subcommand = words[i];
  if (subcommand === undefined) return undefined;
  if (!subcommand.isLiteral || gitSaying.has(subcommand.text)) return 'unknown';
  if (gitLocal.has(subcommand.text)) return undefined;
  if (!gitFetching.has(subcommand.text)) return 'unknown';
  const hosts: string[] = [];
  for (const { start, end, text, isLiteral } of words) {
    const isHolder = start <= at && at < end;
    if (!isHolder && !text.includes('://')) continue;
    const named = isLiteral || isHolder ? hostsOf(text, false) : undefined;
    if (named === undefined) return 'unknown';
    append(hosts, named);
  }
  return hosts;
}

/** Whether a word names a command that sends. */
function namesSender(word: string): boolean {
  const name = commandName(word);
  return senders.has(name) || fetchers.has(name);
}

/**
 * Tells where a command sends the value at an offset of its command line.
 *
 * @param own names of functions and aliases that the command line defines
 */
export function sentTo(command: ShellCommand, at: number, own: ReadonlySet<string>): SentTo {
  const first = command.words.findIndex(({ text }) => !/^[A-Za-z_]\w*\+?=/.test(text));
  const word = command.words[first];
  if (word === undefined) return undefined;
  // What is run is not known before it runs.
  if (!word.isLiteral && !/^[[\]{}~]+/.test(word.text)) return 'unknown';
  const name = commandName(word.text);
  const rest = command.words.slice(first + 1);
  if (own.has(name) || senders.has(name)) return 'unknown';
  if (fetchers.has(name)) return fetchedFrom(name, rest);
  if (name === 'git') return gitSends(rest, at);
  if (name === 'openssl') return rest[0]?.text === 's_client' ? 'unknown' : undefined;
  if (loginCommands.test(name) && rest.some(({ text }) => text === 'login' || text === 'publish')) return 'unknown';
  if (runners.has(name)) {
    const inner = rest.findIndex(({ text }) => namesSender(text) || commandName(text) === 'git');
    if (inner === -1) return undefined;
    // With a shell or another runner in between its words are somebody else's to read.
    return sentTo({ ...command, redirects: [], words: rest.slice(inner) }, at, own);
  }
  return undefined;
}
