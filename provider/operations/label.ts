/** The name of something that is counted, in words of a catalogue or as it stands. */
import type { catalogues, SignInMethod } from '../http/texts.ts';
import type { Urgency } from '../letters/urgency.ts';

export type Label =
  | { readonly method: SignInMethod }
  /** Of a refusal. */
  | { readonly code: ReasonText }
  /** Of letters. */
  | { readonly kind: Urgency }
  | { readonly others: true }
  | { readonly name: string };

export type ReasonText = keyof typeof catalogues.ru.operator.reason;
