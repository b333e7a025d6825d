/** `union-id documents`: signed documents for whoever has to prove them. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { exportDispute } from '../documents/dispute-export.ts';
import { readTemplates } from '../documents/templates.ts';
import { documentWriter } from '../documents/write-documents.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { withStores } from './stores.ts';

export function addDocuments(program: Command, line: CommandLine): void {
  const documents = program.command('documents').description('what people signed');

  documents
    .command('export <document-id>')
    .description('one archive with the text, the protocol, the terms, the trail and how to check all of it')
    .option('--out <file>', 'instead of <document-id>.zip here')
    .action(async (id: string, { out = `${id}.zip` }: { out?: string }) => {
      await withStores(line, async ({ archive, evidence, audit }) => {
        const templates = documentWriter(readTemplates());
        const found = await exportDispute({ archive, evidence, templates }, id);
        if (!found) {
          throw new Failure(
            `There is no signed document «${id}». Its number is on the last page of its PDF.`,
          );
        }
        await save(out, found);
        await audit.append({
          event: 'document_export',
          outcome: 'success',
          actor: 'operator',
          detail: { document: id },
        });
      });
      line.print(`${out}: README.txt in it says how to check everything with sha256sum`);
    });
}

/** Personal data: for the operator alone, and nothing is overwritten. */
async function save(file: string, content: Uint8Array): Promise<void> {
  try {
    await writeFile(file, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(
      `${file} ${code === 'EEXIST' ? 'exists already; choose another with --out' : `cannot be written (${code})`}.`,
    );
  }
}
