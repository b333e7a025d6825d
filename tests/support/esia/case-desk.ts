/** The desk of cases in a whole gateway: who sits at it, and how she gets there. */
import { postgresLinks } from '../../../adapters/link-store/postgres.ts';
import { postgresStaff } from '../../../adapters/staff-store/postgres.ts';
import { appCode } from '../app-code.ts';
import { type Page, type Visitor, visitor } from '../visitor.ts';
import { giveCodeApp } from '../workplace.ts';
import type { Federation } from './federation.ts';
import { leave } from './through.ts';

const RYABOV = 'ryabov@example.test';
const OPERATOR = 'ryabov_sn';

export type CaseDesk = {
  accountOf(email: string): Promise<string>;
  /** Through РСАА, into that room; the operator with a code of her application beside it. */
  enter(login: string, room?: string, person?: Visitor): Promise<{ person: Visitor; page: Page }>;
  /** As whom somebody is known there. */
  readonly logins: Readonly<Record<'admin' | 'otherAdmin' | 'operator' | 'member', string>>;
};

/**
 * M-33 for P-08 and M-29a for P-06, recognised in «Контингент» as their administrators; M-25 for the Union; M-13, who
 * has links and no seat.
 */
export async function openCaseDesk(scene: Federation): Promise<CaseDesk> {
  const { database } = scene.open.house.stores;
  const accountOf = async (email: string): Promise<string> => {
    const [row] = await database.query<{ account_id: string }>(
      `select account_id from identifier where kind = 'email' and value = $1`,
      [email],
    );
    if (!row) throw new Error(`nobody has ${email}`);
    return row.account_id;
  };
  const subjectAtRsaa = (id: string): string => {
    const person = scene.rsaa.people.all().find((one) => one.id === id);
    if (!person) throw new Error(`РСАА does not know ${id}`);
    return person.sub;
  };

  const morozov = await accountOf('morozov@example.test');
  const key = { issuer: scene.rsaa.issuer, subject: subjectAtRsaa('M-29a') };
  await database.transaction((tx) =>
    postgresLinks(database).link(morozov, 'rsaa', key, { confirmed: false }, tx),
  );
  const recognise = (record: string, accountId: string) =>
    database.query('update school_person set account_id = $2 where id = $1', [record, accountId]);
  await recognise('K-29a', morozov);
  await recognise('K-33', await accountOf('fomina@example.test'));
  await postgresStaff(database).grant(await accountOf(RYABOV), 'union_operator', 'test');

  return {
    accountOf,
    logins: { admin: 'fomina_rk', otherAdmin: 'morozov_il', operator: OPERATOR, member: 'orlova_is' },
    async enter(login, room = '/cases', person = visitor()) {
      const door = await person.open(`${scene.open.issuer}${room}`);
      const secret = login === OPERATOR ? await giveCodeApp(scene.open, await accountOf(RYABOV)) : undefined;
      const callback = await scene.signInAt('rsaa', await leave(person, door, 'rsaa'), login);
      const page = await person.follow(await person.request(callback));
      if (secret === undefined) return { person, page };
      // The word of РСАА is not a device of hers.
      const raised = await person.submit(page, /\/step-up\/app$/, { code: appCode(secret) });
      return { person, page: await person.follow(raised) };
    },
  };
}
