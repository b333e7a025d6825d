/** The file that tells which lines were not taken, and why. Ids and reasons only: it may travel by mail. */
import { open, rm } from 'node:fs/promises';

export type Reject = { readonly line: number; readonly id: string; readonly reason: string };

/** Replaces the file of an earlier run; without rejects there is no file. Returns how many there were. */
export async function writeRejects(
  file: string,
  idColumn: string,
  batches: AsyncIterable<readonly Reject[]>,
): Promise<number> {
  let count = 0;
  await rm(file, { force: true });
  const lines = [`line,${idColumn},reason\r\n`];
  for await (const batch of batches) {
    if (batch.length === 0) continue;
    count += batch.length;
    lines.push(...batch.map(({ line, id, reason }) => `${line},${cell(id)},${cell(reason)}\r\n`));
    await using handle = await open(file, 'a', 0o600);
    await handle.appendFile(lines.splice(0).join(''));
  }
  return count;
}

/** RFC 4180; a leading sign that a spreadsheet would take for a formula is disarmed (security.md #118). */
function cell(text: string): string {
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return `"${harmless.replaceAll('"', '""')}"`;
}
