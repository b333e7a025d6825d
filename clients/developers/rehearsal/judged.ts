/** What a verdict of a rehearsal means to the developer: for the right answer «accepted» is good, for others bad. Pure. */

/** Those the pages have words for. */
export const CASES = [
  ...['right', 'denied', 'state', 'iss_parameter', 'signature', 'unsigned', 'signed_with_public_key'],
  ...['nonce', 'issuer', 'audience', 'expired', 'userinfo_subject'],
] as const;

export const EVIDENCE = [
  ...['unreachable', 'not_led_to_issuer', 'redirect_uri', 'response_type', 'control_failed'],
  ...['nonce_not_sent', 'userinfo_not_asked', 'not_redeemed', 'redeemed', 'status', 'started_again'],
  ...['looks_signed_in', 'looks_refused', 'asked_userinfo', 'looks_alike'],
] as const;

type Result = { readonly case: string; readonly verdict: string; readonly evidence?: string | undefined };

export type Judged = {
  readonly case: string;
  readonly verdict: string;
  readonly meaning: 'good' | 'bad' | 'unclear';
  readonly evidence?: string | undefined;
};

/** A case of a newer gateway that there are no words for is called by its code. */
export function judged(results: readonly Result[]): readonly (Judged & { readonly known: boolean })[] {
  return results.map(({ case: name, verdict, evidence }) => ({
    ...{ case: name, verdict, known: (CASES as readonly string[]).includes(name) },
    meaning: meaningOf(name, verdict),
    evidence: (EVIDENCE as readonly (string | undefined)[]).includes(evidence) ? evidence : undefined,
  }));
}

function meaningOf(name: string, verdict: string): Judged['meaning'] {
  if (verdict === 'unclear') return 'unclear';
  return (verdict === 'accepted') === (name === 'right') ? 'good' : 'bad';
}
