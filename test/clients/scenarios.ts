/** What is asked of each assistant, and what must be true afterwards. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { everydayEnv, leaks, plantedFile } from '../helpers/planted.ts';
import { vendorHosts } from './assistants.ts';
import { differences } from './identical.ts';
import { runSession, session } from './session.ts';
import type { ScriptStep } from '../../src/app/stand-in/script.ts';
import type { ReceivedRequest } from '../../src/app/stand-in/stand-in.ts';
import type { Assistant } from './assistants.ts';
import type { Project, Run } from './drive.ts';
import type { Stage } from './stage.ts';

/** The end of what an assistant printed, for a failure; secrets in it are taken out. */
function tail(run: Run, values: readonly string[]): string {
  let text = run.output.slice(-1500);
  for (const value of values) text = text.replaceAll(value, '[planted]');
  return `exit ${run.status} after ${run.seconds.toFixed(1)} s\n${text}`;
}

function editSteps(project: Project): readonly ScriptStep[] {
  const path = project.path('src/settings.txt');
  const line = 'GITHUB_TOKEN={{GITHUB_TOKEN}}';
  return [
    { says: 'I will read it first.', deed: { act: 'read', path } },
    { says: 'Now the mark.', deed: { act: 'edit', path, old: line, new: `${line} # checked` } },
    { says: '', deed: { act: 'write', path: project.path('copy.txt'), content: `token: {{GITHUB_TOKEN}}\n` } },
    { says: '', deed: { act: 'run', command: `printf '%s' '{{GITHUB_TOKEN}}' > shell.txt` } },
    { says: 'The token is {{GITHUB_TOKEN}}, marked.' },
  ];
}

function readOr(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '(missing)';
  }
}

/** Secrets stay here, edits hold the real values, replies stream. */
async function masked(stage: Stage, assistant: Assistant): Promise<void> {
  const { report } = stage;
  const planted = plantedFile();
  const secrets = planted.values.map(({ value }) => value);
  const token = planted.values[0]?.value ?? '';
  stage.plant(planted.values);
  const setup = { files: { 'src/settings.txt': planted.text }, steps: editSteps };
  const { project, received, run, sent, streamed } = await session(stage, assistant, setup);
  const found = leaks(received, planted.values);
  const name = (text: string): string => `${assistant.name}: ${text}`;
  const details = tail(run, secrets);
  const wasRead = leaks(sent, planted.values).length > 0;
  report.check(wasRead, name('the assistant sent the planted file towards the vendor'), details);
  if (stage.isDirect) {
    const missed = planted.values.filter((value) => leaks(received, [value]).length === 0);
    const names = missed.map((value) => value.name).join('\n');
    report.check(missed.length === 0, name('the search finds every planted value where nothing masks'), names);
  } else {
    report.check(found.length === 0, name('the vendor received no planted value, in any encoding'), found.join('\n'));
  }
  const expected = planted.text.replace(token, `${token} # checked`);
  report.check(
    readOr(project.path('src/settings.txt')) === expected,
    name('the edit on disk holds the value'),
    details,
  );
  report.check(readOr(project.path('copy.txt')) === `token: ${token}\n`, name('a written file holds it'), details);
  report.check(readOr(project.path('shell.txt')) === token, name('a shell command got it'), details);
  report.check(run.stdout.includes(`The token is ${token}, marked.`), name('the person reads it'), details);
  const isStreamed = streamed.length >= 5 && streamed.every(Boolean);
  report.check(isStreamed, name('every reply was streamed'), `${streamed.join(' ')}\n${details}`);
  report.check(run.status === 0, name('the run ended well'), details);
}

/** A refusal is shown once, in the assistant's own words, and nothing is tried again. */
async function blocked(stage: Stage, assistant: Assistant): Promise<void> {
  const { report } = stage;
  const planted = plantedFile();
  const secrets = planted.values.map(({ value }) => value);
  const config = { policy: [{ when: { category: 'secret' }, action: 'block' }] };
  stage.plant(planted.values);
  const setup = { files: { 'src/settings.txt': planted.text }, steps: editSteps, config };
  const { received, run, sent } = await session(stage, assistant, setup);
  const found = leaks(received, planted.values);
  const tries = sent.filter((request) => leaks([request], planted.values).length > 0);
  const name = (text: string): string => `${assistant.name}: ${text}`;
  const details = tail(run, secrets);
  report.check(found.length === 0, name('a blocked request does not reach the vendor'), found.join('\n'));
  report.check(tries.length === 1, name('a blocked request is not retried'), `${tries.length} tries\n${details}`);
  const isShown = /sluice/i.test(run.output) && /github/i.test(run.output);
  report.check(isShown, name('the refusal is shown, with its rule'), details);
}

/** Nothing to mask: what reaches the vendor is what was sent. */
async function clean(stage: Stage, assistant: Assistant): Promise<void> {
  const { report } = stage;
  const steps = (project: Project): readonly ScriptStep[] => [
    { says: 'I will read it first.', deed: { act: 'read', path: project.path('src/settings.txt') } },
    { says: 'It listens on {{PORT}}.' },
  ];
  const setup = { files: { 'src/settings.txt': everydayEnv }, steps };
  const { received, run, sent } = await session(stage, assistant, setup);
  const modelRequests = sent.filter(({ target }) => assistant.modelPath.test(target));
  const inspected = sent.filter(({ host }) => vendorHosts.some((vendor) => vendor === host));
  const problems = differences(inspected, received);
  const name = (text: string): string => `${assistant.name}: ${text}`;
  const details = tail(run, []);
  report.check(run.stdout.includes('It listens on 3000.'), name('a clean run says its piece'), details);
  report.check(
    modelRequests.length >= 2 && problems.length === 0,
    name(`a clean run arrives byte for byte (${inspected.length} requests)`),
    `${modelRequests.length} model requests\n${problems.join('\n')}`,
  );
}

function receivedText(received: readonly ReceivedRequest[]): string {
  return received.map(({ body }) => Buffer.from(body).toString('latin1')).join('\n');
}

/** `run` with a `.env` of everyday values: they are too common to protect, and nothing breaks. */
async function everyday(stage: Stage, assistant: Assistant): Promise<void> {
  const { report } = stage;
  const files = { '.env': everydayEnv, 'src/settings.txt': everydayEnv };
  const steps = (project: Project): readonly ScriptStep[] => {
    const path = project.path('src/settings.txt');
    return [
      { says: 'I will read it first.', deed: { act: 'read', path } },
      { says: 'Now the port.', deed: { act: 'edit', path, old: 'PORT={{PORT}}', new: 'PORT=3001' } },
      { says: 'The app is {{APP}}, in {{NODE_ENV}}, on {{HOST}}.' },
    ];
  };
  const { project, received, run } = await runSession(stage, assistant, { files, steps });
  const name = (text: string): string => `${assistant.name}: run: ${text}`;
  const details = tail(run, []);
  const text = receivedText(received);
  const isWhole = text.includes('PORT=3000') && text.includes('DEBUG=true') && !/SLUICE_[A-Z]/.test(text);
  report.check(isWhole, name('everyday values of a .env pass unmasked'), details);
  const isEdited = readOr(project.path('src/settings.txt')) === everydayEnv.replace('3000', '3001');
  report.check(isEdited, name('everyday values: the edit is done'), details);
  const isSaid = run.stdout.includes('The app is demo, in development, on localhost.');
  report.check(isSaid && run.status === 0, name('everyday values: nothing breaks'), details);
}

/** `run` with a value in `.env` that no rule could know: it is protected because it stands there. */
async function protectedValue(stage: Stage, assistant: Assistant): Promise<void> {
  const { report } = stage;
  const value = `vault${randomBytes(9).toString('hex')}`;
  stage.plant([{ name: 'protected value', value }]);
  const text = `PORT=3000\nMARK=${value}\n`;
  const files = { '.env': `${everydayEnv}LEDGER_SALT=${value}\n`, 'src/settings.txt': text };
  const steps = (project: Project): readonly ScriptStep[] => {
    const path = project.path('src/settings.txt');
    return [
      { says: 'I will read it first.', deed: { act: 'read', path } },
      { says: 'Now the mark.', deed: { act: 'edit', path, old: 'MARK={{MARK}}', new: 'MARK={{MARK}} # kept' } },
      { says: 'Done.' },
    ];
  };
  const { project, received, run } = await runSession(stage, assistant, { files, steps });
  const name = (what: string): string => `${assistant.name}: run: ${what}`;
  const details = tail(run, [value]);
  const found = leaks(received, [{ name: 'protected value', value }]);
  const arrived = receivedText(received).includes('MARK=');
  report.check(
    arrived && found.length === 0,
    name('a protected value of a .env stays here'),
    found.join('\n') || details,
  );
  const isEdited = readOr(project.path('src/settings.txt')) === text.replace(value, `${value} # kept`);
  report.check(isEdited, name('the edit on disk holds the protected value'), details);
}

/** Every scenario by name; the direct mode knows only what needs no Sluice. */
export const scenarios = { masked, blocked, clean, everyday, protected: protectedValue } as const;

export type ScenarioName = keyof typeof scenarios;

/** Those that prove the drivers without Sluice. */
export const directScenarios: readonly ScenarioName[] = ['masked', 'clean'];
