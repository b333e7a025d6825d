/** Why an operator opens somebody's page or does something to an account: a choice, and words where one is not enough. */
import { z } from 'zod';
import type { FieldProblem } from '../http/screens/shared.ts';

const CHOICES = ['asked', 'case', 'register', 'incident', 'authority', 'other'] as const;
export type ChosenReason = (typeof CHOICES)[number];
/** Her account was held against another one, which may be of the same person: nobody chooses that. */
export const MERGE_REASON = 'merge';
/** The person reads which of them it was (security.md #136). */
export const REASONS = [...CHOICES, MERGE_REASON] as const;
export type Reason = (typeof REASONS)[number];

const LONGEST_NOTE = 500;
/** What is too long comes back to be shortened; nobody types as much as this. */
export const NOTE_FORM = z.string().max(10_000);

export type ReasonProblem = FieldProblem<'reason' | 'note'>;
export type ReadReason =
  | { readonly ok: true; readonly reason: ChosenReason; readonly note: string }
  | { readonly ok: false; readonly problem: ReasonProblem };

/** Undefined for whatever is none of them. */
export function choiceOf(typed: string | undefined): ChosenReason | undefined {
  return CHOICES.find((each) => each === typed);
}

export function readReason(typed: {
  readonly reason?: string | undefined;
  readonly note: string;
}): ReadReason {
  const reason = choiceOf(typed.reason);
  if (!reason) return { ok: false, problem: { field: 'reason', code: 'staff_reason_missing' } };
  const note = readNote(typed.note);
  if (typeof note !== 'string') return { ok: false, problem: note };
  if (reason === 'other' && note === '') {
    return { ok: false, problem: { field: 'note', code: 'staff_note_missing' } };
  }
  return { ok: true, reason, note };
}

/** Of an act: words are always wanted. */
export function readActNote(typed: string): string | ReasonProblem {
  const note = readNote(typed);
  return note === '' ? { field: 'note', code: 'staff_note_missing' } : note;
}

function readNote(typed: string): string | ReasonProblem {
  const note = typed.trim();
  return note.length > LONGEST_NOTE ? { field: 'note', code: 'staff_note_too_long' } : note;
}
