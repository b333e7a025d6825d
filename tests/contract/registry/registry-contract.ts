/** What every register must do, whoever keeps it: a function of a factory. It is filled with the people of the sandbox. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  ApplicationRefused,
  type Registry,
  type RegistryApplication,
  type RegistryChange,
  RegistryUnavailable,
} from '../../../adapters/registry/registry.ts';
import { parseOrganisationQuery } from '../../../provider/data-rules/organisation-words.ts';

/** Longer than any answer may take. */
const PATIENCE_MS = 8_000;

export type TestedRegistry = {
  readonly registry: Registry;
  /** As a chair does it in this register. */
  accept(id: string): Promise<void>;
  decline(id: string, state: 'returned' | 'rejected', reason: string): Promise<void>;
  /** From now on nobody reaches it; for the last test. */
  goAway(): Promise<void>;
  close(): Promise<void>;
};

export function applicationOf(changes: Partial<RegistryApplication> = {}): RegistryApplication {
  const body = 'Заявление\n\nПрошу принять меня в члены Профсоюза.';
  return {
    id: randomUUID(),
    purpose: 'joining',
    organisationId: 'P-01',
    family: 'Ветрова',
    given: 'Ольга',
    middle: 'Ивановна',
    sex: 'female',
    birthdate: '1990-05-17',
    phone: '+79000000099',
    email: 'vetrova@example.test',
    employment: 'Работник',
    signedAt: new Date().toISOString(),
    documents: [
      { type: 'application', version: '1', sha256: createHash('sha256').update(body).digest('hex'), body },
    ],
    ...changes,
  };
}

export function registryContract(name: string, open: () => Promise<TestedRegistry>): void {
  describe(`the register ${name}`, () => {
    let tested: TestedRegistry;
    let registry: Registry;
    beforeAll(async () => {
      tested = await open();
      registry = tested.registry;
    });
    afterAll(() => tested.close());

    const search = async (typed: string) => {
      const query = parseOrganisationQuery(typed);
      if (!query.ok) throw new Error(query.fault);
      return registry.searchOrganisations(query.value);
    };
    const idsFor = async (typed: string) => (await search(typed)).map(({ id }) => id);

    /** Every page from `cursor` on. */
    const read = async (
      cursor?: string,
    ): Promise<{ changes: RegistryChange[]; cursor: string | undefined }> => {
      const changes: RegistryChange[] = [];
      let at = cursor;
      for (;;) {
        const page = await registry.changes(at);
        changes.push(...page.changes);
        if (page.changes.length === 0) return { changes, cursor: page.cursor };
        at = page.cursor;
      }
    };
    const statesOf = (changes: readonly RegistryChange[], id: string) =>
      changes.flatMap((change) => (change.kind === 'application' && change.id === id ? change.state : []));

    it('knows whose a number is or was, with the spelling of the register', async () => {
      const sorokina = await registry.memberByTicket('9900000000000102');
      expect(sorokina).toMatchObject({
        id: 'M-08',
        family: 'Сорокинa',
        birthdate: '1979-12-12',
        membership: 'member',
        organisation: { id: 'P-01', shortName: 'МБОУ СОШ № 15 г. Васильевска', admits: true },
        tickets: [{ number: '9900000000000102', state: 'issued' }],
      });
      const zhukov = await registry.memberByTicket('9900000000000193');
      expect(zhukov?.tickets).toEqual([
        { number: '9900000000000193', state: 'replaced' },
        { number: '9900000000000201', state: 'issued' },
      ]);
      expect((await registry.memberByTicket('0099123456789012'))?.id).toBe('M-09');
      expect((await registry.memberByTicket('9900000000000045'))?.middle).toBeUndefined();
      expect(await registry.memberByTicket('9900000000009999')).toBeUndefined();
    });

    it.each([
      ['МБОУ СОШ № 15 г. Васильевска', ['P-01']],
      ['сош 15 васильевск', ['P-01']],
      ['школа №15', ['P-01']],
      ['0059000018', ['P-01']],
      ['елочка', ['P-02']],
      ['ёлочка', ['P-02']],
      ['СОШ 1', ['P-07', 'P-08']],
      ['0059000040', ['P-04']],
      ['0059000071', ['P-07']],
      ['нет такой', []],
      // The Union's own bodies are nobody's place of work.
      ['реском', []],
      ['0059000201', []],
    ])('finds by «%s»', async (typed, ids) => {
      expect((await idsFor(typed)).sort()).toEqual(ids);
    });

    it('finds both organisations of an INN, and tells twins apart by their towns', async () => {
      expect((await idsFor('0059000057')).sort()).toEqual(['P-05a', 'P-05b']);
      expect((await search('СОШ 1')).map(({ town }) => town).sort()).toEqual(['Заречинск', 'Камск']);
    });

    it('finds what admits nobody, says so, and names those that do first', async () => {
      expect(await search('росток')).toMatchObject([{ id: 'O-09', admits: false }]);
      const schools = await search('сош васильевск');
      expect(schools.map(({ id, admits }) => [id, admits])).toEqual([
        ['P-01', true],
        ['P-10', false],
      ]);
      expect(
        (await registry.searchOrganisations({ words: [{ text: 'мбоу', whole: false }], limit: 2 })).length,
      ).toBe(2);
      expect(await registry.searchOrganisations({ words: [], limit: 20 })).toEqual([]);
    });

    it('takes words that are no words of ours', async () => {
      const odd = [`'`, '\\', `a'b`, '&', '!', ':*', '()', '|'];
      for (const text of odd) {
        expect(await registry.searchOrganisations({ words: [{ text, whole: false }], limit: 20 })).toEqual(
          [],
        );
      }
    });

    it('knows an organisation by its id, with its units', async () => {
      expect(await registry.organisation('P-06')).toMatchObject({
        shortName: 'ОК «Созвездие»',
        units: ['школа', 'детский сад № 3', 'детский сад № 4'],
        admits: true,
      });
      expect(await registry.organisation('P-99')).toBeUndefined();
      expect(await registry.organisation('../P-06?')).toBeUndefined();
    });

    it('takes an application once, however often and however parallel it is submitted', async () => {
      const { cursor } = await read();
      const application = applicationOf();
      await registry.submit(application);
      await Promise.all(Array.from({ length: 10 }, () => registry.submit(application)));
      const twin = applicationOf();
      await Promise.all(Array.from({ length: 10 }, () => registry.submit(twin)));
      const { changes } = await read(cursor);
      expect(statesOf(changes, application.id)).toEqual(['received']);
      expect(statesOf(changes, twin.id)).toEqual(['received']);
    });

    it('loses no change when applications come in parallel', async () => {
      const { cursor } = await read();
      const applications = Array.from({ length: 30 }, () => applicationOf());
      const reading = (async () => {
        const seen: RegistryChange[] = [];
        for (let at = cursor, rounds = 0; seen.length < 30 && rounds < 500; rounds += 1) {
          const page = await registry.changes(at);
          seen.push(...page.changes);
          at = page.cursor;
        }
        return seen;
      })();
      await Promise.all(applications.map((application) => registry.submit(application)));
      const seen = await reading;
      for (const { id } of applications) expect(statesOf(seen, id)).toEqual(['received']);
    });

    it('refuses an application to an organisation that admits nobody', async () => {
      for (const organisationId of ['P-10', 'O-09', 'T-01', 'P-99']) {
        const refused = registry.submit(applicationOf({ organisationId }));
        await expect(refused).rejects.toBeInstanceOf(ApplicationRefused);
        await expect(refused).rejects.toMatchObject({
          reason: expect.stringMatching(/\p{Script=Cyrillic}{5}/u),
        });
      }
    });

    it('tells of decisions in their order, and again to whoever asks again', async () => {
      const { cursor } = await read();
      const [joined, returned, rejected] = [
        applicationOf({ family: 'Берёзова' }),
        applicationOf(),
        applicationOf(),
      ];
      for (const application of [joined, returned, rejected]) await registry.submit(application);
      await tested.accept(joined.id);
      await tested.decline(returned.id, 'returned', 'Укажите подразделение');
      await tested.decline(rejected.id, 'rejected', 'Не работает в организации');

      const first = await read(cursor);
      expect(statesOf(first.changes, joined.id)).toEqual(['received', 'accepted']);
      const accepted = first.changes.find(
        (change) => change.kind === 'application' && change.id === joined.id && change.state === 'accepted',
      );
      expect(accepted).toMatchObject({
        member: {
          family: 'Берёзова',
          given: 'Ольга',
          middle: 'Ивановна',
          birthdate: '1990-05-17',
          membership: 'member',
          organisation: { id: 'P-01' },
          tickets: [{ number: expect.stringMatching(/^[0-9]{16}$/), state: 'number_assigned' }],
        },
      });
      expect(first.changes).toContainEqual({
        kind: 'application',
        id: returned.id,
        state: 'returned',
        reason: 'Укажите подразделение',
      });
      expect(first.changes).toContainEqual({
        kind: 'application',
        id: rejected.id,
        state: 'rejected',
        reason: 'Не работает в организации',
      });
      expect(await read(cursor)).toEqual(first);
      expect(await read(first.cursor)).toEqual({ changes: [], cursor: first.cursor });
      // From the very beginning, too.
      const all = await read();
      expect(all.changes.slice(-first.changes.length)).toEqual(first.changes);
      // The new number is known.
      const ticket = accepted?.kind === 'application' ? accepted.member?.tickets[0]?.number : undefined;
      expect((await registry.memberByTicket(ticket ?? ''))?.family).toBe('Берёзова');
    });

    it('is unavailable within the time limit when it is away, whatever is asked', async () => {
      await tested.goAway();
      const questions = [
        () => registry.memberByTicket('9900000000000011'),
        () => search('сош'),
        () => registry.organisation('P-01'),
        () => registry.submit(applicationOf()),
        () => registry.changes(undefined),
      ];
      for (const ask of questions) {
        const started = performance.now();
        await expect(ask()).rejects.toBeInstanceOf(RegistryUnavailable);
        expect(performance.now() - started).toBeLessThan(PATIENCE_MS);
      }
    });
  });
}
