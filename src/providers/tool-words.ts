/** The words of tools' names, and those that give a sender away. */

/** What senders do, with what, and the services they speak to. */
const senderWords = new Set(
  (
    'send sends sender post posts publish publishes request requests fetch fetches http https api rest graphql grpc curl ' +
    'wget goto navigate open url urls uri link browse browser web website webpage www search query email emails mail ' +
    'inbox smtp sms gist pr prs pull pullrequest issue issues comment comments review reply webhook webhooks upload ' +
    'uploads download push tweet message messages messaging notify notification notifications chat channel dm invite ' +
    'share broadcast submit commit merge tag release deploy crawl scrape scraper extract puppeteer playwright ' +
    'selenium chrome mcp remote proxy socket websocket ftp ssh dns ping sync export forward ticket incident alert ' +
    'calltool toolcall usetool invoketool runtool ' +
    'github gitlab bitbucket gitea slack discord telegram whatsapp twilio sendgrid mailgun gmail outlook google bing ' +
    'duckduckgo brave tavily exa perplexity firecrawl jira linear confluence atlassian notion asana trello monday ' +
    'clickup zendesk intercom hubspot salesforce stripe paypal shopify sentry datadog grafana pagerduty posthog amplitude ' +
    'mixpanel segment zapier ifttt airtable dropbox gdrive onedrive sharepoint box figma canva miro reddit twitter ' +
    'linkedin facebook instagram youtube teams zoom calendar drive aws s3 azure gcp cloudflare vercel netlify heroku ' +
    'supabase firebase pastebin huggingface openai anthropic gemini cloud'
  ).split(' '),
);

/** Words that stand beside those in names written as one: `sendmail`, `openurl`. */
const companions =
  'get|set|new|create|add|make|do|run|call|use|list|read|write|edit|update|delete|put|page|text|data|file|image|tool|to|in|on|the|a|all|my';
const oneWord = new RegExp(`^(?:${[...senderWords].filter((word) => word.length > 2).join('|')}|${companions})+$`);
const onlyCompanions = new RegExp(`^(?:${companions})+$`);

/** What local tools' names begin with, where clients write their own with a prefix. */
const localPrefixes = new Set(
  (
    'fs file files filesystem functions function tools tool default local container workspace project editor ide vscode ' +
    'code text multi my client native builtin user str string'
  ).split(' '),
);

/** Longer names are nobody's. */
const longestName = 256;
const longestWord = 32;

/** The words of a name: split at `_`, `-`, `.` and the like, and where case changes (`sendEmail`, `HTTPRequest`). */
export function wordsOf(name: string): string[] {
  return name
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase());
}

/** Whether one of a word's parts is a sender's, all of them being known: `sendmail`, `fetchurl`, `websearch2`. */
function isJoined(word: string): boolean {
  const plain = word.replace(/\d+$/, '');
  // Longer ones are nobody's, and would cost time.
  if (plain.length > longestWord) return true;
  if (senderWords.has(plain)) return true;
  if (!oneWord.test(plain)) return false;
  return !onlyCompanions.test(plain);
}

/** Whether a name looks like that of a tool that sends, or of one that an MCP server offers. */
export function isSender(name: string): boolean {
  if (name.length > longestName || /^mcp[_-]|__|-mcp-/i.test(name)) return true;
  const words = wordsOf(name);
  if (words.some(isJoined)) return true;
  // Two words that are one: `web_hook`, `pull_request`, `call_tool`.
  return words.some((word, i) => senderWords.has(word + (words[i + 1] ?? '')));
}

/** Whether a name is that of a known tool behind a name that is no usual prefix: a server's. */
export function isServerTool(name: string, isKnown: (own: string) => boolean): boolean {
  const parts = name.split(/[_\-./:]/);
  for (let i = 1; i < parts.length; i++) {
    if (!isKnown(parts.slice(i).join('_'))) continue;
    return !parts.slice(0, i).every((part) => localPrefixes.has(part.toLowerCase()));
  }
  return false;
}
