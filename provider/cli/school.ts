/** `union-id school`: «Контингент» of the region – schools, people, roles – and which subsystem is open to whom. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { z } from 'zod';
import {
  EDU_ROLES,
  type EduRole,
  type SubsystemIntake,
} from '../../adapters/school-register/school-register.ts';
import { dayInMoscow } from '../data-rules/calendar-date.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { importFile } from './import/import-command.ts';
import { DUTY, schoolsPlan } from './import/plan-schools.ts';
import { type CommandStores, withStores } from './stores.ts';
import { layOut } from './table.ts';

const IMPORT_HELP = `
FILE is CSV in UTF-8, with or without BOM, separated by commas, semicolons or tabs: a line for each role of each person.
Its first line names the columns, in any order:
  person_id     up to 64 letters, digits and . _ : -
  family_name, given_name, middle_name (may be empty or absent)
  birthdate     дд.мм.гггг or yyyy-mm-dd
  email         may be empty or absent
  role          ${EDU_ROLES.join(', ')}
  duty          ${DUTY} for an administrator of «Контингент», else empty; may be absent
  school_id, school_name, school_short_name
Nobody loses a role by an import. Rows that are not taken go to FILE.rejects.csv with the reason; the others are stored.`;

const SUBSYSTEMS_HELP = `
FILE is a JSON list, in the order of the portal's page:
  [{ "client_id": "…", "name": "…", "url": "https://…", "access": [{ "role": "staff", "duty": "${DUTY}", "school_id": "…" }] }]
Without duty or school_id the role alone is enough. The access of a subsystem that is named becomes exactly this.`;

const subsystemsShape = z
  .array(
    z.strictObject({
      client_id: z.string().min(1),
      name: z.string().min(1).max(200),
      url: z.url({ protocol: /^https?$/ }),
      access: z.array(
        z.strictObject({
          role: z.enum(EDU_ROLES),
          duty: z.literal(DUTY).optional(),
          school_id: z.string().min(1).optional(),
        }),
      ),
    }),
  )
  .min(1);

export function addSchool(program: Command, line: CommandLine): void {
  const school = program
    .command('school')
    .description('«Контингент»: who works and learns where, and may open what');

  school
    .command('import <file>')
    .description('add and update schools, people and roles from a CSV file')
    .option('--dry-run', 'say what would become of each row, and store nothing')
    .addHelpText('after', IMPORT_HELP)
    .action((file: string, { dryRun }: { dryRun?: boolean }) =>
      importFile(line, file, () => schoolsPlan(dayInMoscow(new Date())), dryRun === true),
    );

  addRoles(school, line);
  addSubsystems(school, line);
}

function addRoles(school: Command, line: CommandLine): void {
  const role = school.command('role').description('one role of one person');
  role
    .command('add <person> <role> <school>')
    .description('give a role')
    .action((personId: string, name: string, schoolId: string) =>
      withStores(line, async ({ database, schools, audit }) => {
        const edu = roleOf(name);
        const found = await schools.find(personId);
        if (!found) throw new Failure(`«Контингент» has no person ${personId}.`);
        const known = await database.query('select 1 from school where id = $1', [schoolId]);
        if (known.length === 0) throw new Failure(`«Контингент» has no school ${schoolId}.`);
        await database.transaction(async (tx) => {
          await schools.addRole(personId, edu, schoolId, tx);
          await audit.append(roleEntry('school_role_given', { personId, role: edu, schoolId }), tx);
        });
        line.print(`${personId}: ${edu} at ${schoolId}`);
      }),
    );
  role
    .command('remove <person> <role> <school>')
    .description('take a role away: it opens nothing from this moment')
    .action((personId: string, name: string, schoolId: string) =>
      withStores(line, async ({ database, schools, audit }) => {
        const edu = roleOf(name);
        const accountId = (await schools.find(personId))?.accountId;
        const had = await database.transaction(async (tx) => {
          if (!(await schools.removeRole(personId, edu, schoolId, tx))) return false;
          const entry = roleEntry('school_role_taken', { personId, role: edu, schoolId });
          await audit.append({ ...entry, ...(accountId !== undefined && { accountId }) }, tx);
          return true;
        });
        if (!had) throw new Failure(`${personId} is not ${edu} at ${schoolId}.`);
        line.print(`${personId}: no longer ${edu} at ${schoolId}; relying parties are told within a minute`);
      }),
    );
}

function addSubsystems(school: Command, line: CommandLine): void {
  const subsystems = school
    .command('subsystems')
    .description('relying parties of ЭПОС, and who is let into each');
  subsystems
    .command('import <file>')
    .description('add and update subsystems from a JSON file')
    .addHelpText('after', SUBSYSTEMS_HELP)
    .action(async (file: string) => {
      const read = await readSubsystems(file);
      await withStores(line, (stores) => save(stores, read));
      line.print(`${read.length} subsystems stored`);
    });
  subsystems
    .command('list')
    .description('which there are')
    .option('--json', 'print them as JSON')
    .action(({ json }: { json?: boolean }) =>
      withStores(line, async ({ schools }) => {
        const all = await schools.subsystems();
        for (const row of json ? [JSON.stringify(all, null, 2)] : layOut(inCells(all))) line.print(row);
      }),
    );
}

async function readSubsystems(file: string): Promise<readonly SubsystemIntake[]> {
  let json: unknown;
  try {
    json = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw new Failure(`${file} is not JSON: ${error.message}`);
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const parsed = subsystemsShape.safeParse(json);
  if (!parsed.success) {
    throw new Failure(
      parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('\n'),
    );
  }
  return parsed.data.map(({ client_id: clientId, access, ...rest }, sort) => ({
    ...{ ...rest, clientId, sort },
    access: access.map(({ role, duty, school_id: schoolId }) => ({
      role,
      ...(duty !== undefined && { duty }),
      ...(schoolId !== undefined && { schoolId }),
    })),
  }));
}

async function save(
  { database, schools, clients, audit }: CommandStores,
  read: readonly SubsystemIntake[],
): Promise<void> {
  const faults: string[] = [];
  const known = new Set((await database.query<{ id: string }>('select id from school')).map(({ id }) => id));
  for (const { clientId, access } of read) {
    const client = await clients.find(clientId);
    if (client?.metadata.education !== true) faults.push(`${clientId} is no client with education: true`);
    for (const { schoolId } of access) {
      if (schoolId !== undefined && !known.has(schoolId)) faults.push(`${clientId}: no school ${schoolId}`);
    }
  }
  if (faults.length > 0) throw new Failure(faults.join('\n'));
  await database.transaction(async (tx) => {
    for (const subsystem of read) await schools.saveSubsystem(subsystem, tx);
    const detail = { subsystems: read.length };
    await audit.append({ event: 'subsystems_import', outcome: 'success', actor: 'operator', detail }, tx);
  });
}

function roleOf(name: string): EduRole {
  const role = EDU_ROLES.find((each) => each === name);
  if (!role) throw new Failure(`The role must be one of ${EDU_ROLES.join(', ')}.`);
  return role;
}

function roleEntry(
  event: string,
  { personId, role, schoolId }: Record<'personId' | 'role' | 'schoolId', string>,
) {
  const detail = { schoolPersonId: personId, role, schoolId };
  return { event, outcome: 'success', actor: 'operator', detail } as const;
}

function inCells(all: readonly SubsystemIntake[]): string[][] {
  const rows = all.map(({ clientId, name, url, access }) => [
    clientId,
    name,
    url,
    access.map(({ role, duty, schoolId }) => [role, duty, schoolId].filter(Boolean).join('/')).join(', '),
  ]);
  return [['client_id', 'name', 'url', 'open to'], ...rows];
}
