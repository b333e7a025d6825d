/** What an examination of the connection to ESIA notes. */
import type { Clock } from '../../clock.ts';
import type { CheckedSigner } from '../../signer/open-signer.ts';

export type Observation = {
  readonly area: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly text: string;
  /** What to do; for everything that is not ok. */
  readonly advice?: string;
};

export type ExamineOptions = {
  readonly signer: CheckedSigner;
  readonly clock: Clock;
  /** Ours, as registered. */
  readonly redirectUri: URL;
  /** The certificate's hash as the technical portal shows it, where somebody has looked it up. */
  readonly portalHash?: string | undefined;
};

/** Collects observations. */
export function notes() {
  const observations: Observation[] = [];
  const note = (state: Observation['state']) => (area: string, text: string, advice?: string) =>
    void observations.push({ area, state, text, ...(advice !== undefined && { advice }) });
  return { observations, ok: note('ok'), warning: note('warning'), wrong: note('wrong') };
}
