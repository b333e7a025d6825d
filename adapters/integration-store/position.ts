/** Where a page of a list that is ordered by time and id begins. */

/** A position is `<time> <id>`, the time as PostgreSQL wrote it: a Date would lose its microseconds. */
export function beginning(after: string | undefined): readonly [time: string, id: string] {
  if (after === undefined) return ['-infinity', ''];
  const space = after.lastIndexOf(' ');
  return [after.slice(0, space), after.slice(space + 1)];
}
