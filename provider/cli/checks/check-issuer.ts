/** Does the public address lead to this gateway? */
import { type Finding, findings, reasonOf } from './finding.ts';

const PATIENCE_MS = 5_000;

export async function checkIssuer(issuer: string): Promise<readonly Finding[]> {
  const { found, ok, wrong } = findings('issuer');
  const url = `${issuer}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(PATIENCE_MS), redirect: 'error' });
    const document = (await response.json()) as { issuer?: unknown };
    if (response.ok && document.issuer === issuer) ok(`${issuer} answers`);
    else wrong(`${url} is not our discovery document`, 'Does the balancer send this host to the gateway?');
  } catch (error) {
    const { cause } = error as { cause?: unknown };
    wrong(
      `${url} cannot be read: ${reasonOf(cause ?? error)}`,
      'Is the gateway running? Do DNS name, certificate and balancer lead to it?',
    );
  }
  return found;
}
