/**
 * Passwords of another system, given to the accounts they belong to. Never replaces a password: a run that was cut off
 * is started again and passes quickly over what it had done.
 */
import { randomUUID } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { IdentifierTaken } from '../../../adapters/account-store/account-store.ts';
import type { CommandStores } from '../stores.ts';
import { HASH_WORDS, judgePasswordRow, PASSWORD_COLUMNS, type PasswordRow } from './password-row.ts';
import type { Progress } from './progress.ts';
import { readTable } from './read-table.ts';
import { type Reject, writeRejects } from './rejects.ts';

const ROWS_AT_ONCE = 500;

export type PasswordImportNeeds = Pick<
  CommandStores,
  'database' | 'audit' | 'accounts' | 'foreignPasswords' | 'foreignHashes'
> & {
  readonly progress: Progress;
  /** Whether an address that the other system has confirmed, and that nobody has here, becomes an account. */
  readonly createAccounts: boolean;
};

export type PasswordImportResult = {
  /** «bcrypt:10» → how many. */
  readonly given: Readonly<Record<string, number>>;
  readonly created: number;
  /** Had a password already. */
  readonly kept: number;
  readonly rejected: number;
};

export async function importPasswords(
  needs: PasswordImportNeeds,
  file: string,
  rejectsFile: string,
): Promise<PasswordImportResult> {
  const given: Record<string, number> = {};
  const total = { created: 0, kept: 0 };
  const count = (kind: string): void => {
    given[kind] = (given[kind] ?? 0) + 1;
  };

  async function* batches(): AsyncGenerator<readonly Reject[]> {
    let batch: PasswordRow[] = [];
    let rejects: Reject[] = [];
    const flush = async (): Promise<readonly Reject[]> => {
      const refused = await giveAll(needs, batch, count, total);
      const all = [...rejects, ...refused];
      batch = [];
      rejects = [];
      return all;
    };
    for await (const row of readTable(file, PASSWORD_COLUMNS, needs.progress.at)) {
      const judged =
        'cells' in row ? judgePasswordRow(row.line, row.cells) : ({ ok: false, reason: row.fault } as const);
      if (judged.ok) batch.push(judged.row);
      // Neither address nor number: this list is for whoever corrects the file, and it may travel.
      else rejects.push({ line: row.line, id: '', reason: judged.reason });
      if (batch.length + rejects.length >= ROWS_AT_ONCE) yield flush();
    }
    yield flush();
  }

  needs.progress.begin('passwords', (await stat(file).catch(() => undefined))?.size ?? 0);
  const rejected = await writeRejects(rejectsFile, 'id', batches());
  needs.progress.end();
  await needs.audit.append({
    event: 'passwords_import',
    outcome: 'success',
    actor: 'operator',
    detail: { given: Object.values(given).reduce((sum, each) => sum + each, 0), ...total, rejected },
  });
  return { given, ...total, rejected };
}

async function giveAll(
  needs: PasswordImportNeeds,
  rows: readonly PasswordRow[],
  count: (kind: string) => void,
  total: { created: number; kept: number },
): Promise<readonly Reject[]> {
  const { database, foreignPasswords, foreignHashes } = needs;
  const holders = await foreignPasswords.holdersOf(rows.flatMap(({ identifiers }) => identifiers));
  const holderOf = ({ identifiers }: PasswordRow) =>
    identifiers
      .map(({ kind, value }) => holders.find((one) => one.kind === kind && one.value === value))
      .find((one) => one !== undefined);
  const seen = new Set<string>();
  const rejects: Reject[] = [];
  const reject = (line: number, reason: string): void => {
    rejects.push({ line, id: '', reason });
  };

  const offers = await Promise.all(
    rows.map(async (row) => {
      const holder = holderOf(row);
      const email = holder ? undefined : needs.createAccounts ? row.confirmedEmail : undefined;
      const key = holder?.accountId ?? email?.key;
      if (key === undefined)
        return reject(row.line, 'nobody has an account with this email or ticket_number');
      if (holder?.hasPassword || seen.has(key)) return { kept: true } as const;
      seen.add(key);
      const adopted = await foreignHashes.adopt(row.offered);
      if (!adopted.ok) return reject(row.line, HASH_WORDS[adopted.fault]);
      return { holder, email, hash: adopted.hash, kind: adopted.kind } as const;
    }),
  );

  const found = offers.flatMap((offer) => (offer && 'hash' in offer ? [offer] : []));
  total.kept += offers.filter((offer) => offer && 'kept' in offer).length;
  const existing = found.flatMap(({ holder, hash, kind }) =>
    holder ? [{ accountId: holder.accountId, hash, kind }] : [],
  );
  const taken = await database.transaction((tx) => foreignPasswords.give(existing, tx));
  for (const { accountId, kind } of existing) {
    if (taken.has(accountId)) count(kind);
    else total.kept += 1;
  }
  for (const { email, hash, kind } of found) {
    if (!email) continue;
    if (await createAccount(needs, email, hash, kind)) {
      total.created += 1;
      count(kind);
    } else total.kept += 1;
  }
  return rejects.toSorted((one, other) => one.line - other.line);
}

/** False when somebody has come by that address meanwhile. */
async function createAccount(
  { database, accounts, foreignPasswords }: PasswordImportNeeds,
  email: { readonly key: string; readonly original: string },
  passwordHash: string,
  kind: string,
): Promise<boolean> {
  const id = randomUUID();
  try {
    await database.transaction(async (tx) => {
      await accounts.create({ id, locale: 'ru', email, passwordHash }, tx);
      await foreignPasswords.note(id, kind, tx);
    });
    return true;
  } catch (error) {
    if (error instanceof IdentifierTaken) return false;
    throw error;
  }
}
