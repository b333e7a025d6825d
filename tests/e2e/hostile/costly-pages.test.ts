/** Class 19: what costs the gateway much, one account cannot have without end. */
import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PDFS_PER_ACCOUNT } from '../../../provider/cabinet/document-rooms.ts';
import { accountOf } from '../../support/crowd.ts';
import { type Scene, scene } from './scene.ts';

let stage: Scene;
beforeAll(async () => {
  stage = await scene();
});
afterAll(() => stage.close());

const signed = async (accountId: string): Promise<string> => {
  const { database } = stage.open.house.stores;
  const [id, body] = [randomUUID(), 'Согласие\n\nТекст.\n'];
  const sha256 = createHash('sha256').update(body).digest('hex');
  await database.query(
    `insert into signing (id, account_id, purpose, signer, digest) values ($1, $2, 'consent:union_pd', 'Прохожий', 'd')`,
    [id, accountId],
  );
  await database.query(
    `insert into document (id, account_id, signing_id, place, type, version, title, body, sha256, opened_at)
     values ($1, $2, $1, 0, 'union_pd', '1', 'Согласие', $3, $4, now())`,
    [id, accountId, body, sha256],
  );
  await database.query(
    `update signing set signed_at = now(), address = 'a', terms_version = '1', network = 'n', device = '' where id = $1`,
    [id],
  );
  return id;
};

it('files of documents are made so many a minute, and another account has its own', async () => {
  const [first, second] = [1, 2] as const;
  const path = async (number: number) => `/cabinet/documents/${await signed(accountOf(number))}.pdf`;
  const { person } = await stage.arrive(first);
  const { person: other } = await stage.arrive(second);
  const [hers, theOthers] = [await path(first), await path(second)];
  const asked = PDFS_PER_ACCOUNT.points + 5;
  const answers = await Promise.all(Array.from({ length: asked }, () => person.request(stage.issuer + hers)));
  const refused = answers.filter(({ status }) => status === 429);
  expect(refused).toHaveLength(5);
  for (const { headers } of refused) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(PDFS_PER_ACCOUNT.points);
  expect((await other.request(stage.issuer + theOthers)).status).toBe(200);
});
