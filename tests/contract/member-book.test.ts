/** The register kept by ourselves, as a primary organisation keeps it: cards, structure, passport, uploaded lists. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aesGcm } from '../../adapters/cipher/aes-gcm.ts';
import type { Database } from '../../adapters/database/database.ts';
import type { MemberData } from '../../adapters/member-book/member-book.ts';
import { postgresMemberBook } from '../../adapters/member-book/postgres.ts';
import { postgresMemberWriter } from '../../adapters/member-book/postgres-writer.ts';
import { postgresMemberLists } from '../../adapters/member-lists/postgres.ts';
import type { NewUnit } from '../../adapters/passport-store/passport-store.ts';
import { postgresPassports } from '../../adapters/passport-store/postgres.ts';
import { postgresStructure } from '../../adapters/passport-store/postgres-structure.ts';
import { organisationWords } from '../../provider/data-rules/organisation-words.ts';
import { engines } from './engines.ts';

const cipher = aesGcm([{ id: 'k1', key: randomBytes(32) }]);
const person = (family: string, given = 'Анна', birthdate = '1980-05-01'): MemberData => ({
  ...{ family, given, middle: 'Ивановна', birthdate },
});
const MEMBER = { membership: 'member' } as const;

describe.each(engines)('records on %s:', (_name, openDatabase) => {
  let database: Database;
  beforeAll(async () => {
    database = await openDatabase();
    await database.script(`
      insert into organisation (id, kind, name, short_name, region, units) values
        ('P-1', 'primary', 'Школа № 1', 'СОШ 1', 'Край', '{Начальная школа}'),
        ('P-2', 'primary', 'Школа № 2', 'СОШ 2', 'Край', '{}'), ('P-3', 'primary', 'Школа № 3', 'СОШ 3', 'Край', '{}')`);
  });
  afterAll(() => database.close());

  const write = <T>(work: Parameters<Database['transaction']>[0]) => database.transaction(work) as Promise<T>;
  const writer = postgresMemberWriter();
  const add = (organisation: string, id: string, data: MemberData, more = {}) =>
    write<boolean>((tx) => writer.add(organisation, id, { ...data, ...MEMBER, ...more }, tx));

  describe('cards', () => {
    beforeAll(async () => {
      for (const [at, family] of ['Ёлкина', 'Ежова', 'Яшина', 'Римская-Корсакова', 'елкин'].entries()) {
        expect(await add('P-1', `m${at}`, person(family))).toBe(true);
      }
      await add('P-2', 'other', person('Ёлкина'));
    });
    const names = async (query: object) =>
      (await postgresMemberBook(database).list('P-1', { limit: 10, ...query })).map(({ family }) => family);

    it('are listed in the order of the names, without case and «ё», page by page', async () => {
      const all = ['Ежова', 'елкин', 'Ёлкина', 'Римская-Корсакова', 'Яшина'];
      expect(await names({})).toEqual(all);
      expect(await names({ limit: 2 })).toEqual(all.slice(0, 2));
      expect(await names({ limit: 2, after: 'm4' })).toEqual(all.slice(2, 4));
      expect(await names({ after: 'm2' })).toEqual([]);
    });

    it('are found by the beginning of the name, however it is spelled', async () => {
      for (const typed of ['елк', 'ЁЛК', 'Eлк'])
        expect(await names({ name: typed })).toEqual(['елкин', 'Ёлкина']);
      expect(await names({ name: 'римская корс' })).toEqual(['Римская-Корсакова']);
      expect(await names({ name: 'Ёлкина Анна' })).toEqual(['Ёлкина']);
      expect(await names({ name: '%' })).toEqual([]);
      expect(await names({ name: "' or 1=1 --" })).toEqual([]);
    });

    it('of another organisation are not there, and no page begins behind them', async () => {
      const book = postgresMemberBook(database);
      expect(await book.find('P-1', 'other')).toBeUndefined();
      expect(await names({ after: 'other' })).toEqual([]);
      const foreign = await write<boolean>((tx) => writer.correct('P-1', 'other', 1, person('Чужая'), tx));
      expect(foreign).toBe(false);
      expect((await book.find('P-2', 'other'))?.family).toBe('Ёлкина');
    });

    it('are changed by whoever has seen the last version', async () => {
      const book = postgresMemberBook(database);
      const change = { ...person('Ежова', 'Нина'), phone: '+79000000001', sex: 'female' } as const;
      expect(await write((tx) => writer.correct('P-1', 'm1', 1, change, tx))).toBe(true);
      expect(await write((tx) => writer.correct('P-1', 'm1', 1, person('Другая'), tx))).toBe(false);
      expect(await book.find('P-1', 'm1')).toMatchObject({
        given: 'Нина',
        phone: '+79000000001',
        version: 2,
      });
      const over = { membership: 'ended', reason: 'По заявлению', since: '2026-11-01' } as const;
      expect(await write((tx) => writer.stand('P-1', 'm1', 2, over, tx))).toBe(true);
      expect(await book.find('P-1', 'm1')).toMatchObject(over);
      expect(await names({ membership: 'ended' })).toEqual(['Ежова']);
      expect(await book.count('P-1')).toEqual({ member: 4, ended: 1 });
    });

    it('have their own ticket and SNILS, which nobody gets twice', async () => {
      const book = postgresMemberBook(database);
      const digest = Buffer.alloc(32, 7);
      const snils = { sealed: 'sealed', digest };
      const ticket = '9900000000009901';
      expect(await add('P-1', 'm5', person('Билетова'), { ticket, snils })).toBe(true);
      expect(await add('P-2', 'm6', person('Другова'), { ticket })).toBe(false);
      expect(await add('P-2', 'm6', person('Другова'), { snils })).toBe(false);
      expect(await book.find('P-2', 'm6')).toBeUndefined();
      const found = await book.holders({ tickets: [ticket], snils: [digest] });
      expect(found.tickets.get(ticket)).toEqual({ memberId: 'm5', organisationId: 'P-1' });
      expect(found.snils.get(digest.toString('hex'))?.memberId).toBe('m5');
      expect(await names({ withoutTicket: true, name: 'Билет' })).toEqual([]);
    });

    it('of one person are found wherever they are', async () => {
      const found = await postgresMemberBook(database).namesakes([person('ЕЛКИНА'), person('Никто')]);
      expect(found.map((some) => some.map(({ id }) => id))).toEqual([['m0', 'other'], []]);
    });

    it('tell what happened to whoever follows the register', async () => {
      await write((tx) => writer.tell(['m0', 'm1'], tx));
      const rows = await database.query(`select member_id from register_change order by id desc limit 2`);
      expect(rows).toEqual([{ member_id: 'm1' }, { member_id: 'm0' }]);
    });
  });

  describe('structure', () => {
    const unitsOf = async () => {
      const [row] = await database.query<{ units: string[] }>(
        `select units from organisation where id = 'P-1'`,
      );
      return row?.units;
    };

    it('and the names that applicants choose among are one', async () => {
      const structure = postgresStructure(database);
      expect((await structure.units('P-1')).map(({ name }) => name)).toEqual(['Начальная школа']);
      const added = (unit: NewUnit, organisation = 'P-1') =>
        write<{ id: string } | string>((tx) => structure.add(organisation, unit, tx));
      const idOf = async (unit: NewUnit) => {
        const answer = await added(unit);
        return typeof answer === 'string' ? answer : answer.id;
      };
      const physics = await idOf({ kind: 'bureau', name: 'Физфак' });
      const group = await idOf({ kind: 'group', name: 'Кафедра оптики', parentId: physics });
      expect(await added({ kind: 'group', name: 'Физфак' })).toBe('taken');
      expect(await added({ kind: 'group', name: 'x', parentId: physics }, 'P-2')).toBe('gone');
      expect(await unitsOf()).toEqual(['Кафедра оптики', 'Начальная школа', 'Физфак']);

      const move = { kind: 'bureau', name: 'Физический факультет', parentId: group } as const;
      expect(await write((tx) => structure.change('P-1', physics, move, tx))).toBe('circle');
      expect(await write((tx) => structure.change('P-2', physics, move, tx))).toBe('gone');
      const { parentId: _, ...renamed } = move;
      expect(await write((tx) => structure.change('P-1', physics, renamed, tx))).toBe('changed');
      expect(await unitsOf()).toContain('Физический факультет');

      const member = await postgresMemberBook(database).find('P-1', 'm2');
      const { id, version = 0 } = member ?? { id: '' };
      await write((tx) => writer.correct('P-1', id, version, { ...person('Яшина'), unitId: group }, tx));
      expect(await write((tx) => structure.close('P-2', group, tx))).toBe(false);
      expect(await write((tx) => structure.close('P-1', group, tx))).toBe(true);
      expect((await postgresMemberBook(database).find('P-1', 'm2'))?.unit).toBe('Физический факультет');
      expect(await unitsOf()).toEqual(['Начальная школа', 'Физический факультет']);
    });

    it('follows an import of the names', async () => {
      const structure = postgresStructure(database);
      await database.query(`update organisation set units = '{Лицей}' where id = 'P-2'`);
      expect((await structure.units('P-2')).map(({ name }) => name)).toEqual(['Лицей']);
      await database.query(`update organisation set units = '{}' where id = 'P-2'`);
      expect(await structure.units('P-2')).toEqual([]);
    });
  });

  describe('passports', () => {
    it('are saved by the tab, once for each version, and the organisation is found by what is new', async () => {
      const passports = postgresPassports(database, organisationWords);
      const save = (tab: 'inpo' | 'organisation', version: number, values: object) =>
        write<boolean>((tx) => passports.save('P-1', tab, { version, values, by: 'a-1' }, tx));
      expect(await save('inpo', 0, { inpo: '59-01' })).toBe(true);
      expect(await save('inpo', 0, { inpo: '59-02' })).toBe(false);
      const renamed = { name: 'Гимназия «Радуга»', shortName: 'Радуга', workers: '45' };
      expect(await save('organisation', 0, renamed)).toBe(true);

      const [passport, second] = await passports.passports(['P-1', 'P-2', 'none']);
      expect(passport?.values).toMatchObject({ inpo: '59-01', ...renamed });
      expect(passport?.versions).toMatchObject({ inpo: 1, organisation: 1, contacts: 0 });
      expect(second?.versions).toMatchObject({ inpo: 0 });
      const [row] = await database.query<{ words: string[] }>(
        `select search_words as words from organisation where id = 'P-1'`,
      );
      expect(row?.words).toEqual(expect.arrayContaining(['радуга', 'гимназия']));
    });
  });

  describe('uploaded lists', () => {
    const list = { organisationId: 'P-1', uploadedBy: 'a-1' };
    const ROWS = [2, 3, 4].map((line) => ({
      line,
      content: `{"line":${line}}`,
      faults: line === 3 ? ['x'] : [],
      writes: true,
    }));
    const PLANS = { add: 1, change: 1, same: 0 };

    it('are confirmed once, and taken row by row to the end', async () => {
      const lists = postgresMemberLists(database, cipher);
      await lists.keep({ ...list, id: 'l1', uploadedAt: new Date() }, ROWS, PLANS);
      expect(await lists.find('P-2', 'l1')).toBeUndefined();
      expect(await lists.find('P-1', 'l1')).toMatchObject({ rows: 2, plans: PLANS, faulty: 1 });
      const [stored] = await database.query<{ sealed: string }>('select sealed from member_list_row limit 1');
      expect(stored?.sealed).not.toContain('line');
      const confirm = () => write<boolean>((tx) => lists.confirm('P-1', 'l1', tx));
      expect(await write((tx) => lists.next('l1', 1, tx))).toBeUndefined();
      expect([await confirm(), await confirm()]).toEqual([true, false]);

      const counts = { added: 1, changed: 0, unchanged: 0, refused: 0 };
      for (const line of [2, 4]) {
        await write(async (tx) => {
          const taken = await lists.next('l1', 1, tx);
          expect(taken?.rows.map((row) => row.line)).toEqual([line]);
          await lists.settle('l1', [line], counts, new Map(), tx);
        });
      }
      expect(await lists.find('P-1', 'l1')).toMatchObject({ state: 'done', done: 2, added: 2 });
      expect(await write((tx) => lists.next('l1', 1, tx))).toBeUndefined();
    });

    it('are shown page by page, lines with faults apart from those that write, and no other line is opened', async () => {
      const opened: string[] = [];
      const lists = postgresMemberLists(database, {
        seal: (...args) => cipher.seal(...args),
        open: (sealed, context) => {
          opened.push(context);
          return cipher.open(sealed, context);
        },
      });
      const rows = Array.from({ length: 12 }, (_, at) => ({
        ...{ line: at + 2, content: `{"line":${at + 2}}` },
        ...{ faults: at % 3 === 0 ? ['x', 'unit:y'] : [], writes: at % 3 === 1 },
      }));
      await lists.keep({ ...list, id: 'l3', uploadedAt: new Date() }, rows, { add: 4, change: 0, same: 4 });
      expect(await lists.page('l3', 'faults', 0, 3)).toEqual(
        rows.filter(({ faults }) => faults.length > 0).slice(0, 3),
      );
      expect(opened).toHaveLength(3);
      expect((await lists.page('l3', 'faults', 8, 3)).map(({ line }) => line)).toEqual([11]);
      expect((await lists.page('l3', 'changes', 0, 3)).map(({ line }) => line)).toEqual([3, 6, 9]);
      expect((await lists.page('l3', 'changes', 9, 3)).map(({ line }) => line)).toEqual([12]);
      expect(opened).toHaveLength(8);

      // Refused when it was to be put in: a line with a fault from then on.
      await write((tx) => lists.confirm('P-1', 'l3', tx));
      const counts = { added: 0, changed: 0, unchanged: 0, refused: 1 };
      await write((tx) => lists.settle('l3', [3], counts, new Map([[3, 'card_changed']]), tx));
      expect(await lists.find('P-1', 'l3')).toMatchObject({ faulty: 5 });
      expect((await lists.page('l3', 'faults', 2, 1)).map(({ line }) => line)).toEqual([3]);
      expect((await lists.page('l3', 'changes', 0, 1)).map(({ line }) => line)).toEqual([6]);
    });

    it('are gone after a day', async () => {
      const lists = postgresMemberLists(database, cipher);
      await lists.keep({ ...list, id: 'l2', uploadedAt: new Date(Date.now() - 25 * 3_600_000) }, ROWS, PLANS);
      expect(await lists.sweep()).toBe(1);
      expect(await lists.find('P-1', 'l2')).toBeUndefined();
    });
  });
});
