/** Whoever gets the archive has no gateway and no database: only the files, and something that computes SHA-256. */
import { createHash } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { postgresAuditSeals } from '../../../adapters/audit-log/seals.ts';
import type { Database } from '../../../adapters/database/database.ts';
import type { Signing } from '../../../adapters/document-store/document-store.ts';
import { postgresArchive } from '../../../adapters/document-store/postgres-archive.ts';
import { exportDispute } from '../../../provider/documents/dispute-export.ts';
import { engines } from '../engines.ts';
import { signingScene } from './scene.ts';

const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

describe.each(engines)('the export for a dispute on %s', (_name, openDatabase) => {
  let database: Database;
  let scene: ReturnType<typeof signingScene>;
  let signing: Signing;
  let files: Record<string, Uint8Array>;
  const text = (name: string): string => new TextDecoder().decode(files[name]);
  const exported = (id: string) => {
    const evidence = postgresAuditSeals(database, { settleSeconds: 0 });
    return exportDispute({ archive: postgresArchive(database), evidence, templates: scene.templates }, id);
  };

  beforeAll(async () => {
    database = await openDatabase();
    scene = signingScene(database);
    await scene.signed(scene.person());
    const person = scene.person();
    signing = await scene.signed(person);
    const detail = {
      letterId: 'letter-1',
      template: 'signing-code',
      receipt: '250 2.0.0 Ok: queued as 4XYZ',
    };
    const letter = {
      event: 'letter_handed_over',
      outcome: 'success',
      actor: 'system',
      accountId: person.id,
    } as const;
    await scene.audit.append({ ...letter, detail });
    await scene.audit.append({
      ...letter,
      detail: { ...detail, template: 'password-reset', receipt: 'another letter' },
    });
    await scene.audit.append({
      event: 'sign_in',
      outcome: 'failure',
      actor: person.id,
      accountId: person.id,
    });
    const seals = postgresAuditSeals(database, { settleSeconds: 0 });
    while ((await seals.unsealed(-1)).rows > 0) if (!(await seals.sealNext())) await setTimeout(2);
    files = unzipSync((await exported(signing.documents[0]?.id ?? '')) ?? new Uint8Array());
  });
  afterAll(() => database.close());

  it('has a list of sums that every file agrees with', () => {
    const sums = text('SHA256SUMS')
      .trimEnd()
      .split('\n')
      .map((line) => line.split('  '));
    expect(sums.map(([, name]) => name).sort()).toEqual(
      Object.keys(files)
        .filter((name) => name !== 'SHA256SUMS')
        .sort(),
    );
    for (const [expected, name = ''] of sums)
      expect(sum(files[name] ?? new Uint8Array()), name).toBe(expected);
  });

  it('can be checked from the text up to the seal, as README says', () => {
    const entries = Object.keys(files).filter((name) => name.startsWith('audit/'));
    const parsed = entries.map((name) => JSON.parse(text(name)) as string[]);
    const signed = JSON.parse(parsed.find(([, , event]) => event === 'documents_signed')?.at(-1) ?? '{}');
    const document = sum(files['document.txt'] ?? new Uint8Array());
    expect(text('protocol.txt')).toContain(document);
    expect(text('hashes.txt').split('\n')).toContain(document);
    expect(sum(files['hashes.txt'] ?? new Uint8Array())).toBe(signed.digest);
    expect(sum(files['protocol.json'] ?? new Uint8Array())).toBe(signed.protocol);
    expect(JSON.parse(text('protocol.json'))).toMatchObject({ digest: signed.digest, termsVersion: '2' });
    const seals = Object.keys(files).filter((name) => name.startsWith('seals/'));
    expect(seals.length).toBeGreaterThan(0);
    for (const name of entries) {
      const hash = sum(files[name] ?? new Uint8Array());
      expect(
        seals.some((seal) => text(seal).split('\n').includes(hash)),
        name,
      ).toBe(true);
    }
    for (const told of [
      document,
      signed.digest,
      signed.protocol,
      ...seals.map((name) => sum(files[name] ?? new Uint8Array())),
    ]) {
      expect(text('README.txt')).toContain(told);
    }
    expect(text('README.txt')).not.toContain('{{');
  });

  it('tells the whole act and nothing else', () => {
    const events = Object.keys(files)
      .filter((name) => name.startsWith('audit/'))
      .map((name) => JSON.parse(text(name)) as string[]);
    expect(new Set(events.map(([, , , , , account]) => account))).toEqual(new Set([signing.accountId]));
    expect(events.map(([, , event]) => event).sort()).toEqual([
      'document_opened',
      'document_opened',
      'documents_signed',
      'letter_handed_over',
      'signing_code_sent',
      'terms_accepted',
    ]);
    expect(text('mail.txt')).toContain(
      'Номер письма: letter-1\nОтвет почтового сервера: 250 2.0.0 Ok: queued as 4XYZ\n',
    );
    expect(text('mail.txt')).not.toContain('another letter');
    expect(text('terms.txt')).toBe(scene.templates.termsOf('2')?.body);
    expect(new TextDecoder('latin1').decode(files['document.pdf'])).toMatch(/^%PDF-1\.7/);
  });

  it('knows only what was signed', async () => {
    expect(await exported('nothing')).toBeUndefined();
    const person = scene.person();
    const { documents } = await scene.signings.prepare(person, 'membership', scene.consents(person));
    expect(await exported(documents[0]?.id ?? '')).toBeUndefined();
  });

  it('says so when an entry is too young to be sealed', async () => {
    const { documents } = await scene.signed(scene.person());
    const young = unzipSync((await exported(documents[0]?.id ?? '')) ?? new Uint8Array());
    expect(new TextDecoder().decode(young['README.txt'])).toMatch(/Записи \d[\d, ]* сделаны только что/);
  });
});
