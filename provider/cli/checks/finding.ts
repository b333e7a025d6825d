/** What a check of the doctor answers. */

export type Finding = {
  readonly area: string;
  readonly state: 'ok' | 'warning' | 'wrong';
  readonly text: string;
  /** What to do; for everything that is not ok. */
  readonly advice?: string;
};

/** Collects the findings of one area. */
export function findings(area: string) {
  const found: Finding[] = [];
  return {
    found,
    ok: (text: string) => void found.push({ area, state: 'ok', text }),
    warning: (text: string, advice: string) => void found.push({ area, state: 'warning', text, advice }),
    wrong: (text: string, advice: string) => void found.push({ area, state: 'wrong', text, advice }),
  };
}

/** For messages: what an error of any library says of itself. */
export function reasonOf(error: unknown): string {
  const { message, code, errors } = error as { message?: string; code?: string; errors?: unknown[] };
  if (errors?.[0] !== undefined && !message) return reasonOf(errors[0]);
  return message || code || String(error);
}

const SIGNS = { ok: '✓', warning: '!', wrong: '✗' } as const;

/** For a person at a shell. */
export function inLines({ area, state, text, advice }: Finding): string {
  const said = `${SIGNS[state]} ${area}: ${text}`;
  return advice === undefined ? said : `${said}\n    → ${advice}`;
}
