#!/usr/bin/env node
/** `union-id`: what an operator does from a shell. Exit codes: 0 done, 1 failed, 2 usage, 78 configuration. */
import { Command, CommanderError } from 'commander';
import { type Config, ConfigError, EXIT_CONFIG, readConfig } from '../config.ts';
import { addApplications } from './applications.ts';
import { addAudit } from './audit.ts';
import { addCases } from './cases.ts';
import { addClients } from './clients.ts';
import { type CommandLine, EXIT_FAILED, EXIT_USAGE, explain, Failure } from './command-line.ts';
import { addDeliveries } from './deliveries.ts';
import { addDoctor } from './doctor.ts';
import { addDocuments } from './documents.ts';
import { addEsia } from './esia.ts';
import { addHolidays } from './holidays.ts';
import { addInit } from './init.ts';
import { addKeys } from './keys.ts';
import { addMail } from './mail.ts';
import { addMembers } from './members.ts';
import { addMigrate } from './migrate.ts';
import { addNews } from './news.ts';
import { addOffices } from './offices.ts';
import { addOrganisations } from './organisations.ts';
import { addPasswords } from './passwords.ts';
import { addRegisterClients } from './register-clients.ts';
import { addSchool } from './school.ts';
import { addStaff } from './staff.ts';
import { addTickets } from './tickets.ts';
import { addUpstreams } from './upstreams.ts';

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
for (const add of [
  addInit,
  addMigrate,
  addDoctor,
  addEsia,
  addUpstreams,
  addKeys,
  addClients,
  addDeliveries,
  addOrganisations,
  addMembers,
  addRegisterClients,
  addSchool,
  addApplications,
  addTickets,
  addPasswords,
  addMail,
  addAudit,
  addDocuments,
  addNews,
  addCases,
  addOffices,
  addStaff,
  addHolidays,
]) {
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
