/** What passwords cost, and how often anything may be tried. */
import type { Logger } from 'pino';
import { systemClock } from '../../adapters/clock.ts';
import { type Limiters, unlimited } from '../../adapters/limiter/limiter.ts';
import { PDFS_PER_ACCOUNT } from '../cabinet/document-rooms.ts';
import { CORRECTIONS_PER_CASE } from '../cases/correct.ts';
import type { Config } from '../config.ts';
import { NO_SIGNING_LIMITS, SIGNING_LIMITS } from '../documents/signing.ts';
import { SEARCHES_PER_ACCOUNT } from '../join/application.ts';
import { CHECKS_PER_ACCOUNT, CHECKS_PER_SOURCE } from '../join/check-data.ts';
import { registrationLimits } from '../join/registration-limits.ts';
import { guessLimits, PER_ACCOUNT, PER_DEVICE, PER_SOURCE, unlimitedGuesses } from '../login/guess-limits.ts';
import { CODES_PER_ACCOUNT } from '../login/mailed-code.ts';
import { proofJudge } from '../management-api/dpop-proof.ts';
import { REHEARSALS_PER_ACCOUNT } from '../management-api/operations/rehearsals.ts';
import { API_LIMITS } from '../management-api/routes.ts';
import type { Metrics } from '../metrics.ts';
import { DEVICE_POLLS } from '../oidc/device-codes.ts';
import { credentialLimits } from '../onboarding/credential-limits.ts';
import { RESETS_AT_ONCE } from '../operators/acts.ts';
import { TYPED_CODES_PER_SOURCE } from '../qr/routes.ts';
import { LETTERS_PER_ADDRESS, REQUESTS_PER_SOURCE } from '../recovery/ask-reset.ts';
import { PORT_CALLS } from '../registry-api/routes.ts';
import { STREAM_ACTS, STREAM_WRITES } from '../signals/administer.ts';
import { LISTS_PER_ORGANISATION } from '../staff/kept-lists.ts';
import { openPasswords } from './passwords.ts';
import type { Stores } from './stores.ts';

const REPLAY_SECONDS = 15 * 60;

export function openGuards(config: Config, stores: Stores, metrics: Metrics, log: Logger) {
  const hasher = openPasswords(config, stores.database, log);
  metrics.gauge('unionid_hashes_in_flight', 'Password hashes being computed.', () => hasher.stats().inFlight);
  metrics.gauge('unionid_hashes_queued', 'Sign-ins waiting for their hash.', () => hasher.stats().queued);
  const limits = config.passwords.throttled
    ? guessLimits(
        {
          account: stores.limiters('guess-account', PER_ACCOUNT),
          device: stores.limiters('guess-device', PER_DEVICE),
          source: stores.limiters('guess-source', PER_SOURCE),
        },
        systemClock,
      )
    : unlimitedGuesses;
  const limiter: Limiters = (name, limit) =>
    config.passwords.throttled ? stores.limiters(name, limit) : unlimited;
  const checksOfAccount = limiter('check-account', CHECKS_PER_ACCOUNT);
  const checkLimits = guessLimits(
    {
      account: checksOfAccount,
      device: checksOfAccount,
      source: limiter('check-source', CHECKS_PER_SOURCE),
    },
    systemClock,
  );
  const resetLimits = {
    address: limiter('reset-address', LETTERS_PER_ADDRESS),
    source: limiter('reset-source', REQUESTS_PER_SOURCE),
  };

  const replays = stores.limiters('jti', { points: 1, seconds: REPLAY_SECONDS });

  return {
    ...{ hasher, limits, checkLimits, resetLimits },
    registrationLimits: registrationLimits(limiter),
    searches: limiter('organisation-search', SEARCHES_PER_ACCOUNT),
    pdfs: limiter('pdf', PDFS_PER_ACCOUNT),
    deskResets: limiter('desk-reset', RESETS_AT_ONCE),
    corrections: limiter('correction', CORRECTIONS_PER_CASE),
    credentialLimits: credentialLimits(limiter),
    keptLists: limiter('kept-list', LISTS_PER_ORGANISATION),
    portCalls: limiter('register-port', PORT_CALLS),
    signalLimits: {
      acts: limiter('stream-acts', STREAM_ACTS),
      writes: limiter('stream-writes', STREAM_WRITES),
    },
    rehearsalLimit: limiter('rehearsal', REHEARSALS_PER_ACCOUNT),
    codes: limiter('mailed-code', CODES_PER_ACCOUNT),
    typedCodes: limiter('typed-code', TYPED_CODES_PER_SOURCE),
    resendSeconds: (config.passwords.throttled ? SIGNING_LIMITS : NO_SIGNING_LIMITS).resendSeconds,
    replays,
    polls: limiter('device-poll', DEVICE_POLLS),
    proofs: proofJudge(replays),
    apiLimits: {
      calls: limiter('api-calls', API_LIMITS.calls),
      writes: limiter('api-writes', API_LIMITS.writes),
      strangers: limiter('api-strangers', API_LIMITS.strangers),
    },
  };
}
