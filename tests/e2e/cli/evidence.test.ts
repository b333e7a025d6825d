/** What an operator does when somebody doubts: verify the trail, export what was signed. */
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { postgresAuditSeals } from '../../../adapters/audit-log/seals.ts';
import type { Database } from '../../../adapters/database/database.ts';
import type { Signing } from '../../../adapters/document-store/document-store.ts';
import { signingScene } from '../../contract/documents/scene.ts';
import { tamper } from '../../contract/documents/tamper.ts';
import { type Environment, unionId, withDatabase } from './union-id.ts';

let database: Database;
let environment: Environment;
let folder: string;
let signing: Signing;

beforeAll(async () => {
  ({ environment, database } = await withDatabase());
  folder = await mkdtemp(join(tmpdir(), 'union-id-evidence-'));
  const scene = signingScene(database);
  signing = await scene.signed(scene.person());
  const seals = postgresAuditSeals(database, { settleSeconds: 0 });
  while ((await seals.unsealed(-1)).rows > 0) await seals.sealNext();
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

describe('documents export', () => {
  const document = () => signing.documents[0]?.id ?? '';

  test('writes one archive for the operator alone, and says so in the trail', async () => {
    const out = join(folder, 'case.zip');
    const done = await unionId(environment, 'documents', 'export', document(), '--out', out);
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining('sha256sum') });
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    const files = unzipSync(await readFile(out));
    expect(new TextDecoder().decode(files['document.txt'])).toBe(signing.documents[0]?.body);
    const [row] = await database.query("select actor, detail from audit where event = 'document_export'");
    expect(row).toEqual({ actor: 'operator', detail: { document: document() } });
  });

  test('overwrites nothing, and knows what does not exist', async () => {
    const out = join(folder, 'precious.zip');
    await writeFile(out, 'precious');
    const refused = await unionId(environment, 'documents', 'export', document(), '--out', out);
    expect(refused).toMatchObject({ code: 1, err: expect.stringContaining('exists already') });
    expect(await readFile(out, 'utf8')).toBe('precious');
    const unknown = await unionId(
      environment,
      'documents',
      'export',
      'nothing',
      '--out',
      join(folder, 'x.zip'),
    );
    expect(unknown).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no signed document «nothing»'),
    });
  });
});

describe('audit verify', () => {
  test('says what agrees, and the last seal', async () => {
    const { code, out } = await unionId(environment, 'audit', 'verify');
    expect(out).toMatch(
      /rows under \d+ seals agree, and 2 documents of 1 acts of signing, in [\d.]+ s\nlast seal \d+:[0-9a-f]{64} of /,
    );
    expect(code).toBe(0);
    const seal = /last seal (\S+)/.exec(out)?.[1] ?? '';
    expect((await unionId(environment, 'audit', 'verify', '--known', seal)).code).toBe(0);
    const other = `${seal.split(':')[0]}:${'0'.repeat(64)}`;
    expect(await unionId(environment, 'audit', 'verify', '--known', other)).toMatchObject({
      code: 1,
      err: expect.stringContaining('the trail was rewritten'),
    });
    expect((await unionId(environment, 'audit', 'verify', '--known', 'whatever')).code).toBe(2);
  });

  test('fails with one plain sentence when a row was changed', async () => {
    await tamper(database, "update audit set actor = 'x' where event = 'documents_signed'");
    const { code, err } = await unionId(environment, 'audit', 'verify');
    expect(code).toBe(1);
    expect(err.trim().split('\n').at(-1)).toMatch(
      /^Seal 1 \(rows 1–\d+, .*\): a row, or the seal itself, was changed after sealing\.$/,
    );
  });
});
