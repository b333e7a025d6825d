/** The `import FILE` of every kind: runs the plan and tells how it went. */
import type { CommandLine } from '../command-line.ts';
import { type CommandStores, withStores } from '../stores.ts';
import type { ImportPlan } from './import-plan.ts';
import { progressOn } from './progress.ts';
import { runImport } from './run-import.ts';

export async function importFile(
  line: CommandLine,
  file: string,
  planFor: (stores: CommandStores) => ImportPlan,
  rehearsal = false,
): Promise<void> {
  const started = performance.now();
  const rejectsFile = `${file}.rejects.csv`;
  await withStores(line, async (stores) => {
    const plan = planFor(stores);
    const progress = progressOn(process.stderr);
    const { rows, added, changed, rejected } = await runImport(plan, file, rejectsFile, {
      ...stores,
      progress,
      rehearsal,
    });
    const seconds = ((performance.now() - started) / 1_000).toFixed(1);
    line.print(
      `${rows} rows in ${seconds} s: ${added} ${plan.noun} added, ${changed} changed, ${rejected} rows rejected`,
    );
    if (rehearsal) line.print('Nothing was stored: this was a rehearsal.');
    if (rejected > 0)
      line.print(`Why, line by line: ${rejectsFile}. Correct those rows and import them again.`);
  });
}
