/**
 * What ESIA itself says to requests that sign nobody in: is the clock right, is the request accepted, and where it is
 * not, which of certificate, layout, scope, clock, mnemonic or address is to blame.
 */
import { randomUUID } from 'node:crypto';
import type { Certificate } from '../../signer/signer.ts';
import { httpClient } from '../http-client.ts';
import { type EsiaSettings, UpstreamFault } from '../upstream.ts';
import { ESIA_ERRORS } from './errors.ts';
import { postForm } from './esia.ts';
import { type ExamineOptions, notes, type Observation } from './observation.ts';
import { esiaRequests } from './requests.ts';

/** «accepted», a code of ESIA's, or why there was no answer. */
type Answered = { readonly accepted: true } | { readonly code: string } | { readonly silent: string };

const TOLERATED_SECONDS = 60;
const ESIA_CODE = /ESIA-\d{6}/;

/** `certificate`: the one that has passed the examination here. */
export async function examineThere(
  settings: EsiaSettings,
  { signer, clock, redirectUri }: ExamineOptions,
  certificate: Certificate,
): Promise<readonly Observation[]> {
  const { observations, ok, wrong } = notes();
  const http = httpClient(settings);

  try {
    const before = clock.now().getTime();
    const { headers } = await http(new URL('/', settings.url));
    const there = Date.parse(String(headers.date ?? ''));
    const apart = Math.round((there - (before + clock.now().getTime()) / 2) / 1_000);
    if (Number.isNaN(there)) ok('clock', 'ESIA does not tell its time');
    else if (Math.abs(apart) <= TOLERATED_SECONDS)
      ok('clock', `agrees with ESIA’s within ${TOLERATED_SECONDS} s`);
    else
      wrong(
        'clock',
        `ESIA is ${Math.abs(apart)} s ${apart > 0 ? 'ahead' : 'behind'}`,
        'Let NTP keep the time on this machine.',
      );
  } catch (error) {
    wrong(
      'network',
      `${settings.url} cannot be reached: ${codeOf(error)}`,
      'Firewall, DNS, proxy, or the root certificate (setting «ca»)?',
    );
    return observations;
  }

  const answered = await askAuthorize(settings);
  if ('accepted' in answered) {
    ok(
      'authorize',
      'ESIA accepts our request: mnemonic, certificate, hash, signature, time, scope and address are right',
    );
    await judgeToken();
  } else if ('silent' in answered) {
    wrong('authorize', `no answer: ${answered.silent}`, 'Try again later; ESIA may be down.');
  } else {
    await judgeRefusal(answered.code);
  }
  return observations;

  async function askAuthorize(changed: EsiaSettings): Promise<Answered> {
    try {
      const url = await requestsOf(changed).authorization({
        redirectUri: redirectUri.href,
        state: randomUUID(),
      });
      return verdictOn(await http(url));
    } catch (error) {
      return { silent: codeOf(error) };
    }
  }

  /** A code that never was: only whoever understands the request can say so. */
  async function judgeToken(): Promise<void> {
    try {
      const { url, form } = await requestsOf(settings).token({
        redirectUri: redirectUri.href,
        code: randomUUID(),
      });
      const verdict = verdictOn(await postForm(http, url, form));
      if ('code' in verdict && verdict.code === 'ESIA-007011')
        ok('token', 'ESIA understands our token request');
      else
        wrong(
          'token',
          `ESIA answers ${'code' in verdict ? sentence(verdict.code) : 'nothing it should'}`,
          'Compare «layout» with what the recommendations of your connection say.',
        );
    } catch (error) {
      wrong('token', `no answer: ${codeOf(error)}`, 'Try again later; ESIA may be down.');
    }
  }

  async function judgeRefusal(code: string): Promise<void> {
    const said = `ESIA answers ${sentence(code)}`;
    switch (code) {
      case 'ESIA-007006':
      case 'ESIA-007019': {
        const refused = await refusedScopes(code);
        if (refused.length > 0)
          return wrong(
            'scope',
            `not granted: ${refused.join(' ')}`,
            'Ask for less, or have them approved in the application.',
          );
        if (settings.protocol === 'v2')
          return wrong('scope', said, 'Every scope passes alone, not together: ask the support of ESIA.');
        return judgeSignature(said);
      }
      case 'ESIA-007015':
        return wrong(
          'clock',
          said,
          'Let NTP keep the time on this machine; a proxy must leave «+» in the timestamp as %2B.',
        );
      case 'ESIA-007023':
        return wrong('redirect', said, `Register ${redirectUri.hostname} on the technical portal.`);
      case 'ESIA-008010':
        return wrong(
          'mnemonic',
          said,
          'Compare it with the technical portal, letter by letter; test and production differ.',
        );
      case 'ESIA-007002':
      case 'ESIA-007005':
        return wrong(
          'certificate',
          said,
          `Upload the certificate with the hash ${certificate.hash} for ${settings.clientId}.`,
        );
      case 'ESIA-007053':
        return judgeSignature(said);
      default:
        return wrong('authorize', said, 'This one is not about the key: see docs/operators/esia.md.');
    }
  }

  /** Key, hash and byte order were proved here, so it is the certificate's registration or the protocol. */
  async function judgeSignature(said: string): Promise<void> {
    const other = settings.protocol === 'v1' ? 'v2' : 'v1';
    if ('accepted' in (await askAuthorize({ ...settings, protocol: other }))) {
      return wrong('layout', `${said}, but accepts ${other}`, `Set the protocol to ${other}.`);
    }
    wrong(
      'certificate',
      said,
      `The signature is right for the certificate with the hash ${certificate.hash}: is that one registered and active for ${settings.clientId}?`,
    );
  }

  async function refusedScopes(code: string): Promise<readonly string[]> {
    const refused: string[] = [];
    for (const name of settings.scope) {
      const answer = await askAuthorize({ ...settings, scope: [name] });
      if ('code' in answer && answer.code === code) refused.push(name);
    }
    // All of them: it is not the scope.
    return refused.length === settings.scope.length ? [] : refused;
  }

  function requestsOf(changed: EsiaSettings) {
    return esiaRequests(changed, signer, clock);
  }
}

function verdictOn({
  status,
  headers,
  body,
}: {
  status: number;
  headers: { location?: unknown };
  body: string;
}): Answered {
  const [code] = ESIA_CODE.exec(String(headers.location ?? '')) ?? ESIA_CODE.exec(body) ?? [];
  if (code !== undefined) return { code };
  return status >= 500 ? { silent: String(status) } : { accepted: true };
}

function sentence(code: string): string {
  const known = ESIA_ERRORS[code];
  return known ? `${code}: ${known.meaning}` : code;
}

function codeOf(error: unknown): string {
  return error instanceof UpstreamFault ? error.message : (error as Error).name;
}
