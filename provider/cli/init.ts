/** `union-id init`: an environment file with fresh secrets, or the example of every variable. */
import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { readConfig } from '../config.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { exampleEnvironment, freshEnvironment, toEnvironmentFile } from './environment-file.ts';

type Options = { issuer: string; example?: boolean; out?: string };

export function addInit(program: Command, { print, note }: CommandLine): void {
  program
    .command('init')
    .description('print an environment file with fresh secrets')
    .option('--issuer <url>', 'public address of the gateway', 'http://localhost:3000')
    .option(
      '--out <file>',
      'write it there instead (readable by you alone; an existing file is never touched)',
    )
    .option('--example', 'print the commented list of every variable instead')
    .action(async ({ issuer, example, out }: Options) => {
      const text = example ? exampleEnvironment() : environmentFor(issuer);
      if (out === undefined) {
        print(text.trimEnd());
        return;
      }
      await write(out, text);
      note(`written to ${out}`);
    });
}

/** Throws ConfigError when the gateway would not start with this issuer. */
function environmentFor(issuer: string): string {
  const variables = freshEnvironment(issuer);
  readConfig(variables);
  return toEnvironmentFile(variables);
}

async function write(file: string, text: string): Promise<void> {
  try {
    await writeFile(file, text, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST')
      throw new Failure(`${file} exists already. Move it away first: it may hold secrets.`);
    throw new Failure(`${file} cannot be written (${code}).`);
  }
}
