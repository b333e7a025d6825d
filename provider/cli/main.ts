#!/usr/bin/env node
/** `union-id`: what an operator does from a shell. Exit codes: 0 done, 1 failed, 2 usage, 78 configuration. */
import { Command, CommanderError } from 'commander';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from '../config.ts';
import { type CommandLine, EXIT_FAILED, EXIT_USAGE, explain, Failure } from './command-line.ts';

type AddCommand = (program: Command, line: CommandLine) => void;

/** In the order of the help. Each is loaded when it is asked for: a command starts in half the time. */
const COMMANDS = new Map<string, () => Promise<AddCommand>>([
  ['init', async () => (await import('./init.ts')).addInit],
  ['migrate', async () => (await import('./migrate.ts')).addMigrate],
  ['doctor', async () => (await import('./doctor.ts')).addDoctor],
  ['esia', async () => (await import('./esia.ts')).addEsia],
  ['upstreams', async () => (await import('./upstreams.ts')).addUpstreams],
  ['keys', async () => (await import('./keys.ts')).addKeys],
  ['clients', async () => (await import('./clients.ts')).addClients],
  ['deliveries', async () => (await import('./deliveries.ts')).addDeliveries],
  ['organisations', async () => (await import('./organisations.ts')).addOrganisations],
  ['members', async () => (await import('./members.ts')).addMembers],
  ['register-clients', async () => (await import('./register-clients.ts')).addRegisterClients],
  ['school', async () => (await import('./school.ts')).addSchool],
  ['applications', async () => (await import('./applications.ts')).addApplications],
  ['tickets', async () => (await import('./tickets.ts')).addTickets],
  ['passwords', async () => (await import('./passwords.ts')).addPasswords],
  ['mail', async () => (await import('./mail.ts')).addMail],
  ['audit', async () => (await import('./audit.ts')).addAudit],
  ['documents', async () => (await import('./documents.ts')).addDocuments],
  ['news', async () => (await import('./news.ts')).addNews],
  ['cases', async () => (await import('./cases.ts')).addCases],
  ['offices', async () => (await import('./offices.ts')).addOffices],
  ['staff', async () => (await import('./staff.ts')).addStaff],
  ['holidays', async () => (await import('./holidays.ts')).addHolidays],
]);

let config: Config | undefined;
const line: CommandLine = {
  config() {
    config ??= readConfig(process.env);
    return config;
  },
  print: (text) => console.log(text),
  note: (text) => console.error(text),
};

const program = new Command('union-id')
  .description('Operates the Union ID gateway. Settings come from the environment, see .env.example.')
  .exitOverride()
  .showHelpAfterError('(add --help for the details)');
const named = COMMANDS.get(process.argv[2] ?? '');
for (const load of named ? [named] : COMMANDS.values()) {
  const add = await load();
  add(program, line);
}

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = exitCodeOf(error);
}

function exitCodeOf(error: unknown): number {
  // Commander has already said what is wrong, or shown the help it was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_USAGE;
  if (error instanceof ConfigError) {
    line.note(`Please correct the configuration:\n\n${error.message}\n`);
    return EXIT_CONFIG;
  }
  const known = error instanceof Failure ? error.message : explain(error);
  line.note(known ?? (error instanceof Error && error.stack ? error.stack : String(error)));
  return EXIT_FAILED;
}
