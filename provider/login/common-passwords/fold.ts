/** How passwords are spelled in the list of common ones. */

export function foldCase(password: string): string {
  return password.normalize('NFKC').toLowerCase().trim();
}

/** Without the digits and signs around it; empty when there is no letter. */
export function coreOf(folded: string): string {
  const letters = /\p{L}/u;
  const characters = [...folded];
  const first = characters.findIndex((character) => letters.test(character));
  if (first === -1) return '';
  return characters
    .slice(first, characters.findLastIndex((character) => letters.test(character)) + 1)
    .join('');
}
