/** The text of environment files: a fresh one with its secrets, and the commented example of every variable. */
import { randomBytes } from 'node:crypto';
import { describeVariables } from '../variables.ts';

const WIDTH = 100;
/** Its default is a property of the machine, so no file can state it. */
const DEPENDS_ON_MACHINE = new Set(['HASHES_AT_ONCE']);

const secret = (): string => randomBytes(32).toString('base64url');

/** The five variables without which the gateway does not start; the secrets are 256 random bits each. */
export function freshEnvironment(issuer: string): Readonly<Record<string, string>> {
  return {
    ISSUER: issuer,
    COOKIE_KEYS: secret(),
    ENCRYPTION_KEYS: `k1:${secret()}`,
    PASSWORD_PEPPERS: `p1:${secret()}`,
    PAIRWISE_SALT: secret(),
  };
}

export function toEnvironmentFile(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}\n`);
  return `# Keep a copy of these secrets in a safe place: without them no password and no session opens again.\n${lines.join('')}`;
}

export function exampleEnvironment(): string {
  const head = [
    'Every setting of Union ID, made by «union-id init --example». Remove the leading # of what you set.',
    'Any NAME may be given as NAME_FILE instead: the path of a file that holds the value.',
  ];
  const sections = describeVariables().map(({ name, description, example }) => [
    ...wrap(description).map((text) => `# ${text}`),
    `#${name}=${DEPENDS_ON_MACHINE.has(name) ? '' : (example ?? '')}`,
  ]);
  return `${[head.map((text) => `# ${text}`), ...sections].map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

function wrap(text: string): string[] {
  const lines = [''];
  for (const word of text.split(' ')) {
    const last = lines.at(-1) ?? '';
    if (last !== '' && last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines;
}
