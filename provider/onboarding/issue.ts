/**
 * Credentials are issued (E-03): a list becomes a batch, and a job makes a one-time password for each line of it. Whether
 * somebody has an account with the address is not asked, so that nobody is told.
 */
import { randomUUID } from 'node:crypto';
import type {
  CredentialDesk,
  CredentialPress,
  IssueWay,
  NewCredential,
} from '../../adapters/credential-store/credential-store.ts';
import type { Database, Queryable } from '../../adapters/database/database.ts';
import type { JobQueue, JobWorker } from '../../adapters/job-queue/job-queue.ts';
import type { Events } from '../events/events.ts';
import { guidePath, guidesOfCredentials } from '../guides/guides.ts';
import { guideIn } from '../guides/read-guide.ts';
import type { RequestOrigin } from '../http/context.ts';
import { DEFAULT_LOCALE } from '../http/texts.ts';
import type { Post } from '../letters/post.ts';
import { freshOneTimePassword } from '../login/one-time-password.ts';

export const CREDENTIAL_DAYS = 30;
const AT_ONCE = 20;

export type OrderNeeds = {
  readonly database: Database;
  readonly officeCredentials: Pick<CredentialDesk, 'draft' | 'start'>;
  readonly jobs: JobQueue;
  readonly events: Events;
};

export type Order = {
  /** Of whoever issues: the account, and for which organisation. */
  readonly by: string;
  readonly organisationId: string;
  readonly way: IssueWay;
  readonly credentials: readonly Omit<NewCredential, 'id'>[];
};

/** To be looked at before it is started; the id of the batch. */
export function draftBatch({ database, officeCredentials }: OrderNeeds, order: Order): Promise<string> {
  return database.transaction((tx) => draft(officeCredentials, order, tx));
}

export async function startBatch(
  needs: OrderNeeds,
  origin: RequestOrigin,
  batch: Pick<Order, 'by' | 'organisationId' | 'way'> & { readonly id: string; readonly total: number },
): Promise<void> {
  await needs.database.transaction((tx) => start(needs, origin, batch, tx));
}

/** One person needs no second look. */
export function issueOne(needs: OrderNeeds, origin: RequestOrigin, order: Order): Promise<string> {
  return needs.database.transaction(async (tx) => {
    const id = await draft(needs.officeCredentials, order, tx);
    await start(needs, origin, { ...order, id, total: order.credentials.length }, tx);
    return id;
  });
}

async function draft(desk: OrderNeeds['officeCredentials'], order: Order, tx: Queryable): Promise<string> {
  const { organisationId, by, way } = order;
  const id = randomUUID();
  const listed = order.credentials.map((credential) => ({ ...credential, id: randomUUID() }));
  await desk.draft({ id, organisationId, by, way }, listed, tx);
  return id;
}

async function start(
  { officeCredentials, jobs, events }: OrderNeeds,
  origin: RequestOrigin,
  batch: Parameters<typeof startBatch>[2],
  tx: Queryable,
): Promise<void> {
  const { id: batchId, organisationId, by, way, total: count } = batch;
  // A double click: the first one has done it.
  if (!(await officeCredentials.start(organisationId, batchId, tx))) return;
  await jobs.add('issue-credentials', { batchId }, tx);
  await events.credentialsOrdered(origin, { by, organisationId, batchId, count, way }, tx);
}

export type IssueNeeds = {
  readonly database: Database;
  readonly officeCredentials: CredentialPress;
  readonly post: Post;
  readonly events: Events;
  /** Whether the register is kept by ourselves. */
  readonly keepsRegister: boolean;
};

/** Killed in the middle, it goes on with the next line: each is a transaction of its own. */
export async function issueCredentials(worker: JobWorker, needs: IssueNeeds): Promise<void> {
  const { database, officeCredentials, post, events, keepsRegister } = needs;
  const guides = guidesOfCredentials(keepsRegister).map((id) => ({
    title: guideIn(DEFAULT_LOCALE, id).title,
    path: guidePath(id),
  }));
  await worker.work('issue-credentials', async ({ batchId }) => {
    for (;;) {
      const due = await officeCredentials.due(batchId, AT_ONCE);
      if (due.length === 0) return;
      for (const credential of due) {
        const { id, organisationId, organisationName, email, name, way, issuedBy: by } = credential;
        const password = freshOneTimePassword();
        await database.transaction(async (tx) => {
          if (!(await officeCredentials.issue(credential, password, CREDENTIAL_DAYS, tx))) return;
          await events.credentialIssued({ by, organisationId, credentialId: id, batchId }, tx);
          if (way === 'sheet') return;
          const to = { address: email.original, locale: DEFAULT_LOCALE, givenName: name.given };
          const facts = { password, organisation: organisationName, days: CREDENTIAL_DAYS, guides };
          await post.send({ template: 'chair-credentials', to, facts }, tx);
        });
      }
    }
  });
}
