import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../adapters/database/database.ts';
import { NO_SIGNING_LIMITS } from '../../../provider/documents/signing.ts';
import { engines } from '../engines.ts';
import { ORIGIN, signingScene } from './scene.ts';

const nothing = async (): Promise<void> => {};

describe.each(engines)('signing on %s', (_name, openDatabase) => {
  let database: Database;
  let scene: ReturnType<typeof signingScene>;
  let patient: ReturnType<typeof signingScene>;
  beforeAll(async () => {
    database = await openDatabase();
    scene = signingScene(database);
    patient = signingScene(database, { limits: { ...NO_SIGNING_LIMITS, wrongGuessesPerHour: 10 } });
    await database.script('create table effect (account_id text not null)');
  });
  afterAll(() => database.close());

  const effects = async (accountId: string): Promise<number> =>
    (await database.query('select from effect where account_id = $1', [accountId])).length;
  const trail = async (accountId: string): Promise<string[]> =>
    (
      await database.query<{ event: string }>('select event from audit where account_id = $1 order by id', [
        accountId,
      ])
    ).map(({ event }) => event);

  it('goes from opened documents to a protocol, and the trail tells of it in that order', async () => {
    const person = scene.person();
    const { id, digest, documents } = await scene.ready(person);
    expect(await scene.signings.sendCode(person, id, ORIGIN)).toEqual({
      kind: 'sent',
      address: 'ivanova@example.test',
    });
    const letter = scene.letters.at(-1);
    expect(letter).toMatchObject({
      template: 'signing-code',
      to: { accountId: person.id },
      facts: { minutes: 10 },
    });
    expect(letter?.facts).toMatchObject({ documents: documents.map(({ title }) => title) });
    const spaced = `${scene.code().slice(0, 3)} ${scene.code().slice(3)} `;
    const outcome = await scene.signings.sign(person, id, spaced, ORIGIN, nothing);
    expect(outcome.kind).toBe('signed');
    for (const { signing, sha256, body } of await scene.documents.documentsOf(person.id)) {
      expect(signing).toMatchObject({
        id,
        digest,
        signer: 'Иванова Мария Петровна',
        address: 'ivanova@example.test',
        termsVersion: '2',
        network: '203.0.113.0/24',
        device: 'Firefox · Windows',
      });
      expect(documents.map((document) => [document.sha256, document.body])).toContainEqual([sha256, body]);
    }
    expect(await trail(person.id)).toEqual([
      'terms_accepted',
      'document_opened',
      'document_opened',
      'signing_code_sent',
      'documents_signed',
    ]);
  });

  it('has one effect, however often «Подписать» arrives at once', async () => {
    const person = scene.person();
    const { id } = await scene.ready(person);
    await scene.signings.sendCode(person, id, ORIGIN);
    const code = scene.code();
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () =>
        scene.signings.sign(person, id, code, ORIGIN, async (tx) => {
          await tx.query('insert into effect values ($1)', [person.id]);
        }),
      ),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual([...Array(19).fill('already-signed'), 'signed']);
    expect(await effects(person.id)).toBe(1);
    expect((await trail(person.id)).filter((event) => event === 'documents_signed')).toHaveLength(1);
  });

  it('leaves nothing half-done when the effect fails, and the code still good', async () => {
    const person = scene.person();
    const { id } = await scene.ready(person);
    await scene.signings.sendCode(person, id, ORIGIN);
    const failing = scene.signings.sign(person, id, scene.code(), ORIGIN, async (tx) => {
      await tx.query('insert into effect values ($1)', [person.id]);
      throw new Error('the ticket went to somebody else');
    });
    await expect(failing).rejects.toThrow('the ticket went');
    expect(await effects(person.id)).toBe(0);
    expect(await scene.documents.documentsOf(person.id)).toEqual([]);
    expect(await trail(person.id)).not.toContain('documents_signed');
    expect((await scene.signings.sign(person, id, scene.code(), ORIGIN, nothing)).kind).toBe('signed');
  });

  it('is refused before every document was opened (C-17), and nothing is mailed', async () => {
    const person = scene.person();
    await scene.signings.acceptTerms(person, '2', ORIGIN);
    const { id, documents } = await scene.signings.prepare(person, 'membership', scene.consents(person));
    await scene.signings.open(person, documents[0]?.id ?? '', ORIGIN);
    const mailed = scene.letters.length;
    const refused = { kind: 'refused', problem: 'signing_unopened' };
    expect(await scene.signings.sendCode(person, id, ORIGIN)).toEqual(refused);
    expect(await scene.signings.sign(person, id, '000000', ORIGIN, nothing)).toEqual(refused);
    expect(scene.letters).toHaveLength(mailed);
  });

  it('asks to accept newer terms first', async () => {
    const person = scene.person();
    await scene.signings.acceptTerms(person, '1', ORIGIN);
    const { id, documents } = await scene.signings.prepare(person, 'membership', scene.consents(person));
    for (const document of documents) await scene.signings.open(person, document.id, ORIGIN);
    expect(await scene.signings.sendCode(person, id, ORIGIN)).toEqual({
      kind: 'refused',
      problem: 'signing_terms',
    });
    await scene.signings.acceptTerms(person, '2', ORIGIN);
    expect((await scene.signings.sendCode(person, id, ORIGIN)).kind).toBe('sent');
  });

  it('never signs under an address that is not confirmed, or not the one the code went to', async () => {
    const { verifiedEmail: _, ...unconfirmed } = scene.person();
    const { id } = await scene.ready({ ...unconfirmed, verifiedEmail: 'old@example.test' });
    expect(await scene.signings.sendCode(unconfirmed, id, ORIGIN)).toMatchObject({
      problem: 'signing_unconfirmed_address',
    });
    await scene.signings.sendCode({ ...unconfirmed, verifiedEmail: 'old@example.test' }, id, ORIGIN);
    const moved = { ...unconfirmed, verifiedEmail: 'new@example.test' };
    expect(await scene.signings.sign(moved, id, scene.code(), ORIGIN, nothing)).toMatchObject({
      kind: 'wrong',
    });
  });

  it('five wrong guesses end a code, and ten in an hour end guessing over all codes', async () => {
    const person = patient.person();
    const { id } = await patient.ready(person);
    const guess = async () => {
      const wrong = patient.code() === '000000' ? '000001' : '000000';
      return patient.signings.sign(person, id, wrong, ORIGIN, nothing);
    };
    await patient.signings.sendCode(person, id, ORIGIN);
    for (const left of [4, 3, 2, 1]) {
      expect(await guess()).toEqual({ kind: 'wrong', problem: 'signing_code_wrong', triesLeft: left });
    }
    expect(await guess()).toEqual({ kind: 'refused', problem: 'signing_code_spent' });
    expect(await patient.signings.sign(person, id, patient.code(), ORIGIN, nothing)).toEqual({
      kind: 'refused',
      problem: 'signing_code_void',
    });
    await patient.signings.sendCode(person, id, ORIGIN);
    for (let at = 0; at < 5; at += 1) await guess();
    const exhausted = { kind: 'refused', problem: 'signing_too_many_guesses' };
    expect(await patient.signings.sendCode(person, id, ORIGIN)).toEqual(exhausted);
    // A new attempt with other documents has no budget of its own.
    const anew = await patient.signings.prepare(
      person,
      'consent:union_pd',
      patient.consents(person).slice(0, 1),
    );
    for (const document of anew.documents) await patient.signings.open(person, document.id, ORIGIN);
    expect(await patient.signings.sendCode(person, anew.id, ORIGIN)).toEqual(exhausted);
    expect(await patient.signings.sign(person, id, patient.code(), ORIGIN, nothing)).toEqual(exhausted);
  });

  it('judges five of thirty guesses made at once', async () => {
    const person = scene.person();
    const { id } = await scene.ready(person);
    await scene.signings.sendCode(person, id, ORIGIN);
    const wrong = scene.code() === '000000' ? '000001' : '000000';
    const outcomes = await Promise.all(
      Array.from({ length: 30 }, () => scene.signings.sign(person, id, wrong, ORIGIN, nothing)),
    );
    const judged = outcomes.filter(
      (outcome) =>
        outcome.kind === 'wrong' || (outcome.kind === 'refused' && outcome.problem === 'signing_code_spent'),
    );
    expect(judged).toHaveLength(5);
    expect((await scene.signings.sign(person, id, scene.code(), ORIGIN, nothing)).kind).toBe('refused');
  });

  it('mails one code a minute, of parallel requests one', async () => {
    const person = scene.person();
    const { id } = await scene.ready(person);
    const mailed = scene.letters.length;
    const outcomes = await Promise.all(
      Array.from({ length: 5 }, () => scene.signings.sendCode(person, id, ORIGIN)),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['sent', ...Array(4).fill('standing')]);
    expect(scene.letters).toHaveLength(mailed + 1);
    const anew = await scene.signings.prepare(person, 'consent:union_pd', scene.consents(person).slice(0, 1));
    for (const document of anew.documents) await scene.signings.open(person, document.id, ORIGIN);
    expect(await scene.signings.sendCode(person, anew.id, ORIGIN)).toEqual({
      kind: 'refused',
      problem: 'signing_resend_early',
    });
  });

  it('mails five codes an hour, and a new one voids the old', async () => {
    const hasty = signingScene(database, {
      limits: { resendSeconds: 0, codesPerHour: 5, wrongGuessesPerHour: 10 },
    });
    const person = hasty.person();
    const { id } = await hasty.ready(person);
    const codes: string[] = [];
    for (let at = 0; at < 5; at += 1) {
      expect((await hasty.signings.sendCode(person, id, ORIGIN)).kind).toBe('sent');
      codes.push(hasty.code());
    }
    expect(await hasty.signings.sendCode(person, id, ORIGIN)).toEqual({
      kind: 'refused',
      problem: 'signing_too_many_codes',
    });
    const [first = '', last = ''] = [codes[0], codes.at(-1)];
    if (first !== last)
      expect((await hasty.signings.sign(person, id, first, ORIGIN, nothing)).kind).toBe('wrong');
    expect((await hasty.signings.sign(person, id, last, ORIGIN, nothing)).kind).toBe('signed');
  });

  it('a document that changed voids the code; one that did not keeps it', async () => {
    const person = scene.person();
    const { id } = await scene.ready(person);
    await scene.signings.sendCode(person, id, ORIGIN);
    const code = scene.code();
    expect((await scene.signings.prepare(person, 'membership', scene.consents(person))).id).toBe(id);
    const married = { ...person, name: { family: 'Петрова', given: 'Мария' } };
    const changed = await scene.signings.prepare(person, 'membership', scene.consents(married));
    expect(changed.id).not.toBe(id);
    for (const sign of [id, changed.id]) {
      expect((await scene.signings.sign(person, sign, code, ORIGIN, nothing)).kind).toBe('refused');
    }
    for (const document of changed.documents) await scene.signings.open(person, document.id, ORIGIN);
    expect(await scene.signings.sign(person, changed.id, code, ORIGIN, nothing)).toEqual({
      kind: 'refused',
      problem: 'signing_code_void',
    });
  });

  it('is nobody else’s', async () => {
    const [person, stranger] = [scene.person(), scene.person()];
    const { id, documents } = await scene.ready(person);
    await scene.ready(stranger);
    await scene.signings.sendCode(person, id, ORIGIN);
    const gone = { kind: 'refused', problem: 'signing_gone' };
    expect(await scene.signings.sign(stranger, id, scene.code(), ORIGIN, nothing)).toEqual(gone);
    expect(await scene.signings.sendCode(stranger, id, ORIGIN)).toEqual(gone);
    expect(await scene.signings.open(stranger, documents[0]?.id ?? '', ORIGIN)).toBeUndefined();
  });
});
