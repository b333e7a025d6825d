/** `union-id doctor`: looks at everything the gateway stands on and says what to do about what is wrong. */
import type { Command } from 'commander';
import { systemClock } from '../../adapters/clock.ts';
import { type Config, ConfigError } from '../config.ts';
import { checkClock, clockOfDatabase, clocksOfRedis } from './checks/check-clock.ts';
import { checkDatabase } from './checks/check-database.ts';
import { checkIssuer } from './checks/check-issuer.ts';
import { checkKeys } from './checks/check-keys.ts';
import { checkMail } from './checks/check-mail.ts';
import { checkRedis } from './checks/check-redis.ts';
import { checkRegister } from './checks/check-register.ts';
import { checkTicketRanges } from './checks/check-ticket-ranges.ts';
import { type Finding, findings, inLines } from './checks/finding.ts';
import { type CommandLine, EXIT_FAILED } from './command-line.ts';
import { type CommandDatabase, openDatabase, openRedisAt, openRegistryAt, storesOn } from './stores.ts';

type Options = { json?: boolean; issuer?: boolean };

export function addDoctor(program: Command, line: CommandLine): void {
  program
    .command('doctor')
    .description(
      'check configuration, database, Redis, keys, clocks, mail and register; exit code 1 when anything is wrong',
    )
    .option('--issuer', 'also ask the public address for its discovery document')
    .option('--json', 'print the findings as JSON')
    .action(async ({ json, issuer }: Options) => {
      const found = await examine(line, issuer === true);
      const healthy = found.every(({ state }) => state !== 'wrong');
      if (json) line.print(JSON.stringify({ healthy, findings: found }, null, 2));
      else for (const finding of found) line.print(inLines(finding));
      if (!healthy) process.exitCode = EXIT_FAILED;
    });
}

async function examine(line: CommandLine, withIssuer: boolean): Promise<readonly Finding[]> {
  const { found, config } = checkConfiguration(line);
  if (!config) return found;
  return [
    ...found,
    ...(await checkStores(line, config)),
    ...(await checkMail(config.mail, config.issuer)),
    ...(config.registry.external ? await checkRegister(openRegistryAt(config.registry.external)) : []),
    ...(withIssuer ? await checkIssuer(config.issuer) : []),
  ];
}

function checkConfiguration({ config }: CommandLine): { found: readonly Finding[]; config?: Config } {
  const { found, ok, wrong } = findings('configuration');
  try {
    const read = config();
    ok(`complete, for ${read.issuer}`);
    return { found, config: read };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const fault of error.message.split('\n'))
      wrong(fault, 'Set it in the environment; see .env.example.');
    return { found };
  }
}

async function checkStores(line: CommandLine, config: Config): Promise<readonly Finding[]> {
  const database = await openDatabase(line);
  const redis = config.redis && openRedisAt(config.redis);
  try {
    const ofDatabase = await checkDatabase(database, config.database.kind === 'embedded');
    const ofRedis = redis && (await checkRedis(redis, config.sessionStore === 'redis'));
    const clocks = [
      ...(ofDatabase.usable ? [clockOfDatabase(database)] : []),
      ...(redis && ofRedis?.usable ? clocksOfRedis(redis) : []),
    ];
    return [
      ...ofDatabase.found,
      ...(ofRedis?.found ?? []),
      ...(ofDatabase.usable ? await checkTables(database, config) : []),
      ...(await checkClock(systemClock, clocks)),
    ];
  } finally {
    await redis?.close();
    await database.close();
  }
}

async function checkTables(database: CommandDatabase, config: Config): Promise<readonly Finding[]> {
  const { keys, ranges } = storesOn(database, config);
  return [
    ...(await checkKeys(keys, systemClock.now())),
    ...(config.registry.external ? [] : await checkTicketRanges(ranges)),
  ];
}
