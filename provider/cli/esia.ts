/** `union-id esia doctor`: which of key, certificate, hash, byte order, layout, scope, clock or mnemonic is wrong. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/clock.ts';
import { SignerMisconfigured } from '../../adapters/signer/signer.ts';
import type { EsiaSettings } from '../../adapters/upstream/upstream.ts';
import { type Finding, inLines } from './checks/finding.ts';
import { type CommandLine, EXIT_FAILED, Failure } from './command-line.ts';
import { examineHere, examineThere, openSigner } from './stores.ts';

type Options = {
  upstream?: string;
  redirectUri?: string;
  certificateHash?: string;
  offline?: boolean;
  json?: boolean;
};

export function addEsia(program: Command, line: CommandLine): void {
  program
    .command('esia')
    .description('the connection to ЕСИА («Госуслуги»)')
    .command('doctor')
    .description('say what is wrong with it; exit code 1 when anything is')
    .option('--upstream <id>', 'which one, when several are configured')
    .option('--redirect-uri <url>', 'our registered address; by default ISSUER/callback/<id>')
    .option(
      '--certificate-hash <hex>',
      'as the technical portal or ESIA’s tool shows it, to compare with ours',
    )
    .option('--offline', 'do not ask ESIA itself')
    .option('--json', 'print the findings as JSON')
    .action(async (options: Options) => {
      const found = await examine(line, options);
      const healthy = found.every(({ state }) => state !== 'wrong');
      if (options.json) line.print(JSON.stringify({ healthy, findings: found }, null, 2));
      else for (const finding of found) line.print(inLines(finding));
      if (!healthy) process.exitCode = EXIT_FAILED;
    });
}

async function examine(
  line: CommandLine,
  { upstream, redirectUri, certificateHash, offline }: Options,
): Promise<readonly Finding[]> {
  const { issuer, upstreams } = line.config();
  const settings = chosen(
    upstreams.filter((each) => each.kind === 'esia'),
    upstream,
  );
  const signer = signerOf(settings, line);
  const options = {
    signer,
    clock: systemClock,
    redirectUri: new URL(redirectUri ?? `/callback/${settings.id}`, issuer),
    portalHash: certificateHash,
  };
  const here = await examineHere(settings, options);
  if (offline || !here.certificate) return here.observations;
  return [...here.observations, ...(await examineThere(settings, options, here.certificate))];
}

function signerOf({ signer }: EsiaSettings, line: CommandLine) {
  try {
    const events = {
      signed: () => {},
      pairRefused: (reason: string) => line.note(reason),
      // The examination says so itself.
      pairExpiring: () => {},
    };
    return openSigner(signer, { clock: systemClock, events });
  } catch (error) {
    if (error instanceof SignerMisconfigured) throw new Failure(error.message);
    throw error;
  }
}

function chosen(configured: readonly EsiaSettings[], id: string | undefined): EsiaSettings {
  const [first, second] = configured;
  const found = id === undefined ? first : configured.find((each) => each.id === id);
  if (!found) {
    throw new Failure(
      `UPSTREAMS names no ESIA${id === undefined ? '' : ` «${id}»`}; see docs/operators/esia.md.`,
    );
  }
  if (id === undefined && second) {
    throw new Failure(`Which one? --upstream ${configured.map((each) => each.id).join(' or ')}`);
  }
  return found;
}
