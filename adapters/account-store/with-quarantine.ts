/** The register of accounts, that gives nobody an address or ticket which another account has just left behind. */
import type { Quarantine } from '../quarantine/quarantine.ts';
import { type AccountRegister, IdentifierTaken } from './account-store.ts';

export function withQuarantine<Register extends AccountRegister>(
  register: Register,
  quarantine: Quarantine,
): Register {
  return {
    ...register,
    async create(account, within) {
      if (await quarantine.holds('email', account.email.key, account.id, within)) throw new IdentifierTaken();
      await register.create(account, within);
    },
    async createPasswordless({ email, ...account }, within) {
      const free = email && !(await quarantine.holds('email', email.key, account.id, within));
      await register.createPasswordless(free ? { ...account, email } : account, within);
    },
    async bindMember(id, member, name, within) {
      const { ticket } = member;
      if (ticket !== undefined && (await quarantine.holds('ticket', ticket, id, within))) {
        throw new IdentifierTaken();
      }
      await register.bindMember(id, member, name, within);
    },
  };
}
