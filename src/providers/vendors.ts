/** The built-in vendors. Hosts were seen on the wire or are the vendors' published endpoints. */
import { bedrockHosts, vertexHosts } from './regions.ts';
import type { OwnCredentials, Vendor } from './vendor.ts';

const bearer: OwnCredentials = { headers: ['authorization', 'x-api-key', 'api-key'], query: [], cookies: false };
const session: OwnCredentials = { ...bearer, cookies: true };
const google: OwnCredentials = { headers: ['authorization', 'x-goog-api-key'], query: ['key'], cookies: true };
const amazon: OwnCredentials = {
  headers: ['authorization', 'x-amz-security-token'],
  query: ['X-Amz-Credential', 'X-Amz-Signature', 'X-Amz-Security-Token'],
  cookies: false,
};

/** A vendor that only offers an API with a bearer key. */
function apiVendor(id: string, name: string, jurisdiction: string, terms: string, ...hosts: readonly string[]): Vendor {
  return { id, name, hosts, jurisdiction, terms, credentials: bearer, credentialRoutes: [], sideChannels: [] };
}

/** Every vendor that is known without configuration. */
export const vendors: readonly Vendor[] = [
  {
    id: 'anthropic',
    name: 'Anthropic',
    hosts: ['*.anthropic.com', 'claude.ai', '*.claude.ai', 'claude.com', '*.claude.com'],
    jurisdiction: 'US',
    terms: 'https://www.anthropic.com/legal/commercial-terms',
    credentials: session,
    credentialRoutes: [
      { method: 'POST', host: 'console.anthropic.com', path: '/v1/oauth/token' },
      { method: 'POST', host: 'platform.claude.com', path: '/v1/oauth/token' },
      { method: 'POST', host: 'api.anthropic.com', path: '/v1/oauth/token' },
      { method: 'POST', host: 'api.anthropic.com', path: '/api/oauth/claude_cli/create_api_key' },
    ],
    sideChannels: [
      { name: 'telemetry', hosts: ['api.anthropic.com'], paths: ['/api/event_logging/**', '/api/claude_code/metrics'] },
      { name: 'feature flags', hosts: ['api.anthropic.com'], paths: ['/api/eval/**'] },
      { name: 'feature flags', hosts: ['statsig.anthropic.com'], paths: ['/**'] },
    ],
  },
  {
    id: 'openai',
    name: 'OpenAI',
    hosts: ['*.openai.com', 'chatgpt.com', '*.chatgpt.com'],
    jurisdiction: 'US',
    terms: 'https://openai.com/policies/services-agreement/',
    credentials: session,
    credentialRoutes: [
      { method: 'POST', host: 'auth.openai.com', path: '/oauth/token' },
      { method: 'POST', host: 'auth.openai.com', path: '/oauth/revoke' },
      { method: 'POST', host: 'auth.openai.com', path: '/api/accounts/deviceauth/**' },
    ],
    sideChannels: [
      { name: 'telemetry', hosts: ['ab.chatgpt.com'], paths: ['/**'] },
      { name: 'analytics', hosts: ['chatgpt.com'], paths: ['/backend-api/codex/analytics-events/**'] },
    ],
  },
  {
    id: 'azure-openai',
    name: 'Microsoft Azure OpenAI',
    hosts: ['*.openai.azure.com', '*.cognitiveservices.azure.com', '*.services.ai.azure.com'],
    jurisdiction: 'US',
    terms: 'https://learn.microsoft.com/legal/cognitive-services/openai/data-privacy',
    credentials: bearer,
    credentialRoutes: [],
    sideChannels: [],
  },
  {
    id: 'google',
    name: 'Google',
    hosts: [
      'generativelanguage.googleapis.com',
      'cloudcode-pa.googleapis.com',
      'daily-cloudcode-pa.googleapis.com',
      'oauth2.googleapis.com',
      'www.googleapis.com',
      'play.googleapis.com',
      ...vertexHosts,
    ],
    jurisdiction: 'US',
    terms: 'https://ai.google.dev/gemini-api/terms',
    credentials: google,
    credentialRoutes: [
      { method: 'POST', host: 'oauth2.googleapis.com', path: '/token' },
      { method: 'POST', host: 'oauth2.googleapis.com', path: '/tokeninfo' },
      { method: 'POST', host: 'oauth2.googleapis.com', path: '/revoke' },
    ],
    sideChannels: [{ name: 'telemetry', hosts: ['play.googleapis.com'], paths: ['/log'] }],
  },
  {
    id: 'github-copilot',
    name: 'GitHub Copilot',
    hosts: ['*.githubcopilot.com', 'copilot-proxy.githubusercontent.com', 'copilot-telemetry.githubusercontent.com'],
    jurisdiction: 'US',
    terms: 'https://github.com/customer-terms/github-copilot-product-specific-terms',
    credentials: bearer,
    credentialRoutes: [],
    sideChannels: [
      {
        name: 'telemetry',
        hosts: [
          'telemetry.githubcopilot.com',
          'telemetry.individual.githubcopilot.com',
          'telemetry.business.githubcopilot.com',
          'telemetry.enterprise.githubcopilot.com',
          'copilot-telemetry.githubusercontent.com',
        ],
        paths: ['/**'],
      },
    ],
  },
  {
    id: 'amazon-bedrock',
    name: 'Amazon Bedrock',
    hosts: bedrockHosts,
    jurisdiction: 'US',
    terms: 'https://aws.amazon.com/service-terms/',
    credentials: amazon,
    credentialRoutes: [],
    sideChannels: [],
  },
  {
    id: 'factory',
    name: 'Factory',
    hosts: ['*.factory.ai'],
    jurisdiction: 'US',
    terms: 'https://factory.ai/terms',
    credentials: session,
    credentialRoutes: [],
    sideChannels: [
      { name: 'telemetry', hosts: ['telemetry.factory.ai'], paths: ['/**'] },
      { name: 'session upload', hosts: ['api.factory.ai'], paths: ['/api/sessions/**'] },
    ],
  },
  {
    id: 'cline',
    name: 'Cline',
    hosts: ['*.cline.bot'],
    jurisdiction: 'US',
    terms: 'https://cline.bot/tos',
    credentials: bearer,
    credentialRoutes: [],
    sideChannels: [{ name: 'telemetry', hosts: ['data.cline.bot', 'otel.cline.bot'], paths: ['/**'] }],
  },
  {
    id: 'qoder',
    name: 'Qoder',
    hosts: ['*.qoder.sh', '*.qoder.com'],
    jurisdiction: 'SG',
    terms: 'https://qoder.com/product-service',
    credentials: session,
    credentialRoutes: [{ method: 'POST', host: 'openapi.qoder.sh', path: '/api/v1/jobToken/exchange' }],
    sideChannels: [{ name: 'telemetry', hosts: ['api2.qoder.sh'], paths: ['/otel/**'] }],
  },
  apiVendor('augment', 'Augment', 'US', 'https://www.augmentcode.com/terms-of-service', '*.augmentcode.com'),
  apiVendor('amp', 'Amp', 'US', 'https://ampcode.com/terms', 'ampcode.com', '*.ampcode.com'),
  apiVendor('continue', 'Continue', 'US', 'https://www.continue.dev/terms', 'api.continue.dev'),
  apiVendor('opencode', 'opencode', 'US', 'https://opencode.ai/legal/terms-of-service', 'opencode.ai', '*.opencode.ai'),
  apiVendor('openrouter', 'OpenRouter', 'US', 'https://openrouter.ai/terms', 'openrouter.ai'),
  apiVendor('xai', 'xAI', 'US', 'https://x.ai/legal/terms-of-service-enterprise', 'api.x.ai', '*.api.x.ai'),
  apiVendor('groq', 'Groq', 'US', 'https://console.groq.com/docs/legal/services-agreement', 'api.groq.com'),
  apiVendor('mistral', 'Mistral AI', 'FR', 'https://mistral.ai/terms', 'api.mistral.ai', 'codestral.mistral.ai'),
  apiVendor(
    'together',
    'Together AI',
    'US',
    'https://www.together.ai/terms-of-service',
    'api.together.xyz',
    'api.together.ai',
  ),
  apiVendor('fireworks', 'Fireworks AI', 'US', 'https://fireworks.ai/terms-of-service', 'api.fireworks.ai'),
  apiVendor('cerebras', 'Cerebras', 'US', 'https://www.cerebras.ai/terms-of-service', 'api.cerebras.ai'),
  apiVendor(
    'perplexity',
    'Perplexity',
    'US',
    'https://www.perplexity.ai/hub/legal/perplexity-api-terms-of-service',
    'api.perplexity.ai',
  ),
  apiVendor('cohere', 'Cohere', 'CA', 'https://cohere.com/terms-of-use', 'api.cohere.com', 'api.cohere.ai'),
  apiVendor(
    'huggingface',
    'Hugging Face',
    'US',
    'https://huggingface.co/terms-of-service',
    'router.huggingface.co',
    'api-inference.huggingface.co',
  ),
  apiVendor('ollama', 'Ollama', 'US', 'https://ollama.com/terms', 'ollama.com', 'api.ollama.com'),
  apiVendor(
    'deepseek',
    'DeepSeek',
    'CN',
    'https://cdn.deepseek.com/policies/en-US/deepseek-open-platform-terms-of-service.html',
    'api.deepseek.com',
  ),
  apiVendor(
    'moonshot',
    'Moonshot AI',
    'CN',
    'https://platform.moonshot.ai/docs/agreement/modeluse',
    'api.moonshot.cn',
    'api.moonshot.ai',
    'api.kimi.com',
  ),
  apiVendor(
    'zhipu',
    'Zhipu AI',
    'CN',
    'https://docs.bigmodel.cn/cn/terms/user-agreement',
    'open.bigmodel.cn',
    'api.z.ai',
  ),
  apiVendor(
    'minimax',
    'MiniMax',
    'CN',
    'https://www.minimax.io/platform/protocol/terms-of-service',
    'api.minimax.io',
    'api.minimaxi.com',
    'api.minimax.chat',
  ),
  apiVendor(
    'volcengine',
    'Volcengine',
    'CN',
    'https://www.volcengine.com/docs/6256/64903',
    'ark.cn-beijing.volces.com',
  ),
  apiVendor(
    'siliconflow',
    'SiliconFlow',
    'CN',
    'https://docs.siliconflow.cn/cn/legals/terms-of-service',
    'api.siliconflow.cn',
    'api.siliconflow.com',
  ),
  {
    ...apiVendor(
      'alibaba',
      'Alibaba Cloud Model Studio',
      'CN',
      'https://www.alibabacloud.com/help/en/model-studio/privacy-notice',
      'dashscope.aliyuncs.com',
      'dashscope-intl.aliyuncs.com',
      'dashscope-us.aliyuncs.com',
      'coding.dashscope.aliyuncs.com',
      'coding-intl.dashscope.aliyuncs.com',
      'portal.qwen.ai',
      'chat.qwen.ai',
    ),
    credentialRoutes: [{ method: 'POST', host: 'chat.qwen.ai', path: '/api/v1/oauth2/token' }],
  },
];

/**
 * Code hosts and identity providers: tunnelled (reported as unread), because development depends on them and their
 * traffic is not a conversation with a model.
 */
export const developerHosts: readonly string[] = [
  'github.com',
  '*.github.com',
  '*.githubusercontent.com',
  'ghcr.io',
  'gitlab.com',
  '*.gitlab.com',
  'bitbucket.org',
  '*.bitbucket.org',
  'codeberg.org',
  'dev.azure.com',
  '*.visualstudio.com',
  'accounts.google.com',
  'login.microsoftonline.com',
  'login.live.com',
  '*.okta.com',
  '*.oktacdn.com',
  '*.auth0.com',
  '*.onelogin.com',
  '*.duosecurity.com',
];
