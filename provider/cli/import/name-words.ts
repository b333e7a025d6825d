/** What is wrong with a part of a name, in an operator's words. */
import type { NamePartFault } from '../../data-rules/person-name.ts';

export const NAME_WORDS: Readonly<Record<NamePartFault, string>> = {
  name_missing: 'is empty',
  name_too_long: 'is longer than 100 characters',
  name_forbidden_character: 'may hold letters, spaces, hyphens, apostrophes and dots only',
};
