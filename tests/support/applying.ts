/** The walk of variant 2 from the form to the code, for tests of what happens around it. */
import { press } from './newcomers.ts';
import type { Page, Visitor } from './visitor.ts';

const FORM = /^\/join\/application$/;
const OVERVIEW_LINK = 'main a.button';

/** `organisation`: an id of the register that is asked. */
const application = (organisation: string) => ({
  ...{ family: 'Стойкова', given: 'Лидия', middle: 'Марковна', sex: 'female', birthdate: '11.11.1958' },
  ...{ phone: '8 (900) 000-00-15', organisation_query: '0059000018', unit: '', employment: 'worker' },
  ...{ purpose: 'joining', union_pd: 'yes', organisation },
});

/** Fills in the form that `page` shows, opens every document, asks for the code; ends on its page. */
export async function applyToCode(person: Visitor, page: Page, organisation: string): Promise<Page> {
  const review = await press(person, page, FORM, application(organisation));
  let overview = review;
  for (const form of review.html.querySelectorAll('form[action$="/open"]')) {
    const text = await press(person, overview, new RegExp(`^${form.getAttribute('action')}$`));
    const back = text.html.querySelector(OVERVIEW_LINK)?.getAttribute('href') ?? '';
    overview = await person.open(new URL(back, text.url));
  }
  return press(person, overview, /documents\/sign$/, { terms: 'yes' });
}
