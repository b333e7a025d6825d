/** What people prove themselves with beside a password. */
import { postgresCodeApps } from '../../adapters/authenticators/postgres-code-apps.ts';
import { postgresPasskeys } from '../../adapters/authenticators/postgres-passkeys.ts';
import { postgresProtections } from '../../adapters/authenticators/postgres-protections.ts';
import { postgresRecoveryCodes } from '../../adapters/authenticators/postgres-recovery-codes.ts';
import { systemClock } from '../../adapters/clock.ts';
import { type Limiters, unlimited } from '../../adapters/limiter/limiter.ts';
import type { Config } from '../config.ts';
import { lastingKey } from '../lasting-key.ts';
import { challenges } from '../second-factor/challenges.ts';
import { enrolments } from '../second-factor/enrolments.ts';
import { APP_CODES_PER_ACCOUNT, RECOVERY_CODES_PER_ACCOUNT } from '../second-factor/judge-code.ts';
import { passkeyParty } from '../second-factor/passkeys.ts';
import { recentProofs } from '../second-factor/prove-again.ts';
import { waysBack } from '../second-factor/ways-back.ts';
import type { Records } from './records.ts';
import type { Stores } from './stores.ts';

export function openProtection(
  { issuer, secrets, passwords }: Config,
  { database, storage, limiters }: Stores,
  { cipher }: Records,
) {
  const passkeys = postgresPasskeys(database);
  const protections = postgresProtections(database);
  const limiter: Limiters = (name, limit) => (passwords.throttled ? limiters(name, limit) : unlimited);
  return {
    ...{ passkeys, protections },
    codeApps: postgresCodeApps(database, cipher),
    recoveryCodes: postgresRecoveryCodes(lastingKey(secrets.pairwiseSalt, 'recovery codes')),
    appCodeTries: limiter('app-code', APP_CODES_PER_ACCOUNT),
    recoveryCodeTries: limiter('recovery-code', RECOVERY_CODES_PER_ACCOUNT),
    recentProofs: recentProofs(storage, systemClock),
    waysBack: waysBack(storage),
    enrolments: enrolments(storage, cipher),
    passkeyParty: passkeyParty({ issuer, passkeys, protections, challenges: challenges(storage) }),
  };
}
