/** Pages for whoever comes without a request, and those of faults. */
import type { FaultText } from '../texts.ts';
import type { ClientName, Empty } from './shared.ts';

export type StartScreens = {
  /** The names of all that lead in beside our passwords: «Госуслуги или РСАА». */
  readonly start: {
    readonly upstreams?: string;
    readonly developers?: string;
    /** Whoever is signed in already. */
    readonly visitor?: { readonly isSeated: boolean };
  };
  readonly error: {
    readonly code: FaultText;
    readonly requestId?: string;
    /** For the developer of the client (RFC 6749 §4.1.2.1). */
    readonly oauth?: { readonly error: string; readonly description?: string };
    readonly client?: ClientName;
    /** Of an organisation's pages: it may be there, and not for her. */
    readonly atChair?: boolean;
    /** Where it leads back to, instead of the start page. */
    readonly workplace?: string;
  };
  readonly 'about/ways': Empty;
  readonly rehearsal: Empty;
  readonly unsubscribe: { readonly action: string; readonly done?: false } | { readonly done: true };
};
