/** `union-id audit`: does the trail of what happened still say what it said, and do the signed documents agree with it? */
import { type Command, InvalidArgumentError } from 'commander';
import { type Verdict, verifyEvidence } from '../documents/verify-evidence.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { progressOn } from './import/progress.ts';
import { withStores } from './stores.ts';

const KNOWN_SEAL = /^(?<number>[1-9]\d*):(?<digest>[0-9a-f]{64})$/;

export function addAudit(program: Command, line: CommandLine): void {
  const audit = program.command('audit').description('the trail of what happened');

  audit
    .command('verify')
    .description('check every seal against its rows, every signed text against its hash and its protocol')
    .option(
      '--known <number:digest>',
      'a seal as the log told it («audit_sealed»); may be given several times. Without one, a trail that was rewritten as a whole agrees with itself',
      collectKnown,
      new Map<number, string>(),
    )
    .action(async ({ known }: { known: ReadonlyMap<number, string> }) => {
      const started = performance.now();
      const progress = progressOn(process.stderr);
      const verdict = await withStores(line, ({ evidence, archive }) =>
        verifyEvidence({ evidence, archive }, progress, known),
      );
      if (!verdict.ok) throw new Failure(verdict.finding);
      for (const said of tell(verdict, (performance.now() - started) / 1_000)) line.print(said);
    });
}

function collectKnown(value: string, before: Map<number, string>): Map<number, string> {
  const { number, digest } = KNOWN_SEAL.exec(value)?.groups ?? {};
  if (number === undefined || digest === undefined) {
    throw new InvalidArgumentError('It is the number of the seal, a colon, and 64 hexadecimal digits.');
  }
  return before.set(Number(number), digest);
}

function tell({ seals, rows, acts, documents, lastSeal }: Extract<Verdict, { ok: true }>, seconds: number) {
  return [
    `${rows} rows under ${seals} seals agree, and ${documents} documents of ${acts} acts of signing, in ${seconds.toFixed(1)} s`,
    ...(lastSeal
      ? [`last seal ${lastSeal.number}:${lastSeal.digest} of ${lastSeal.sealedAt.toISOString()}`]
      : []),
  ];
}
