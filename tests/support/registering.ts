/** The walk from «Создать» to the question about the ticket, one step at a time. */
import { PASSWORD } from './house.ts';
import { linkIn, type Mail } from './mail.ts';
import type { Page, Visitor } from './visitor.ts';

export type RegistrationForm = {
  readonly email: string;
  readonly password?: string;
  readonly terms?: string;
};

const SUBJECT = /Завершение регистрации/;

export function registeringAt(issuer: string, mail: Mail) {
  return {
    /** «Создать личный кабинет» pressed; the answer is not followed. */
    async ask(person: Visitor, { email, password = PASSWORD, terms = 'yes' }: RegistrationForm, query = '') {
      const form = await person.open(`${issuer}/join${query}`);
      return person.submit(form, /^\/join$/, { email, password, ...(terms !== '' && { terms }) });
    },
    /** Address of the newest confirmation letter that was not yet taken. */
    linkFor: async (email: string): Promise<string> =>
      linkIn(await mail.take(email, SUBJECT), '/join/confirm/'),
    /** The link opened and its button pressed; the answer is not followed. */
    async confirm(person: Visitor, link: string): Promise<Page> {
      return person.submit(await person.open(link), /\/join\/confirm\/[\w-]+$/);
    },
    /** Up to the question, in one browser. */
    async register(person: Visitor, form: RegistrationForm, query = ''): Promise<Page> {
      await this.ask(person, form, query);
      return person.follow(await this.confirm(person, await this.linkFor(form.email)));
    },
  };
}

export const heading = (page: Page): string | undefined => page.html.querySelector('h1')?.text.trim();
export const problems = (page: Page): string[] =>
  page.html.querySelectorAll('.summary a').map(({ text }) => text.trim());
