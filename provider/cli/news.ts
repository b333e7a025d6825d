/** `union-id news send`: news to whoever has agreed to them. Writes the list; running gateways send. */
import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import type { NewsIssue } from '../../adapters/news-store/news-store.ts';
import { newsIssue } from '../news/news-issue.ts';
import { type CommandLine, Failure } from './command-line.ts';
import { progressOn } from './import/progress.ts';
import { type CommandStores, withStores } from './stores.ts';

const LISTED_AT_ONCE = 1_000;
const SEND_HELP = `
FILE is text in UTF-8; an empty line parts paragraphs. It goes only to people whose consent to messages is in force for
this channel and sender; SMS and PUSH only to Russian mobiles. The same subject, text, channel and sender are the same
news: a run that was cut off is simply started again, and nobody gets them twice.`;

type SendOptions = {
  readonly subject: string;
  readonly text: string;
  readonly channel: string;
  readonly sender: string;
  readonly organisation?: string;
  readonly dryRun?: boolean;
};

export function addNews(program: Command, line: CommandLine): void {
  program
    .command('news')
    .description('news to people who have agreed to them')
    .command('send')
    .description('put news on their way')
    .requiredOption('--subject <line>', 'subject of the letter')
    .requiredOption('--text <file>', 'what it says')
    .option('--channel <channel>', 'email, sms or push', 'email')
    .option('--sender <sender>', 'union or organisation', 'union')
    .option('--organisation <id>', 'the organisation it is from: goes to its members alone')
    .option('--dry-run', 'say how many would get it, and do nothing')
    .addHelpText('after', SEND_HELP)
    .action(async (options: SendOptions) => {
      const issue = await issueOf(options);
      await withStores(line, (stores) => send(stores, line, issue, options.dryRun === true));
    });
}

async function issueOf({ subject, text, channel, sender, organisation }: SendOptions): Promise<NewsIssue> {
  const read = newsIssue({ subject, text: await textOf(text), channel, sender, organisation });
  if ('faults' in read) throw new Failure(read.faults.join('\n'));
  return read.issue;
}

async function textOf(file: string): Promise<string> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file));
  } catch (error) {
    if (error instanceof TypeError) throw new Failure(`${file} is not text in UTF-8.`);
    throw new Failure(`${file} cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

async function send(
  { news, audit }: CommandStores,
  line: CommandLine,
  issue: NewsIssue,
  dryRun: boolean,
): Promise<void> {
  const { from } = issue;
  if (from.sender === 'organisation' && !(await news.organisationExists(from.organisationId))) {
    throw new Failure(`There is no organisation «${from.organisationId}» in the register.`);
  }
  const { agreed, listed } = await news.audience(issue);
  if (dryRun) {
    line.print(`agreed ${agreed}, already on the list ${listed}, new ${agreed - listed}; nothing was done`);
    return;
  }
  await news.announce(issue);
  const progress = progressOn(process.stderr);
  progress.begin('people', agreed);
  let added = 0;
  let seen = 0;
  for (let after: string | undefined; ; ) {
    const step = await news.list(issue, after, LISTED_AT_ONCE);
    if (!step) break;
    after = step.last;
    added += step.added;
    seen += step.seen;
    progress.at(seen);
  }
  progress.end();
  await audit.append({
    event: 'news_sent',
    outcome: 'success',
    actor: 'operator',
    detail: { issue: issue.id, channel: issue.channel, people: added },
  });
  line.print(
    `${added} people put on the list, ${seen - added} were on it; running gateways send within a minute`,
  );
}
