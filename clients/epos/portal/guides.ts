/** «Инструкции по входу»: which steps the guide of each role has; their sentences are in the catalogue. */
import type { Role } from '../claims.ts';

export type Guide = {
  /** In the order one does them. */
  readonly steps: readonly string[];
  /** Questions with their answers. */
  readonly troubles: readonly string[];
};

export const GUIDES: Readonly<Record<Role, Guide>> = {
  staff: {
    steps: ['open', 'choose', 'rsaa', 'register', 'esia', 'first_time', 'role', 'subsystem'],
    troubles: ['mismatch', 'esia_down', 'password', 'leave'],
  },
  parent: {
    steps: ['open', 'esia', 'consent', 'role', 'subsystem'],
    troubles: ['no_record', 'mismatch', 'esia_down', 'leave'],
  },
  learner: {
    steps: ['account', 'open', 'esia', 'role', 'subsystem'],
    troubles: ['no_record', 'mismatch', 'password', 'leave'],
  },
};

export const isGuide = (role: string | undefined): role is Role =>
  role !== undefined && Object.hasOwn(GUIDES, role);
