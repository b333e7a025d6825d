/* The search of an organisation while one types: a combobox by ARIA 1.2. Without this file there is a button for it. */

const PAUSE_MILLISECONDS = 250;
const SHORTEST = 2;

for (const finder of document.querySelectorAll('[data-finder]')) {
  const input = finder.querySelector('input[name="organisation_query"]');
  const units = document.getElementById('units');
  const words = finder.dataset;
  const plural = new Intl.PluralRules(words.locale);

  const list = document.createElement('ul');
  list.id = 'organisation-list';
  list.className = 'suggestions';
  list.setAttribute('role', 'listbox');
  list.setAttribute('aria-label', words.choose);
  list.hidden = true;
  const status = document.createElement('p');
  status.className = 'hint';
  status.setAttribute('role', 'status');
  const chosen = document.createElement('p');
  chosen.className = 'suggestion-chosen';
  chosen.id = 'organisation-chosen';
  input.closest('.box').append(list);
  finder.append(status, chosen);

  input.setAttribute('role', 'combobox');
  input.setAttribute('aria-autocomplete', 'list');
  input.setAttribute('aria-controls', list.id);
  input.setAttribute('aria-expanded', 'false');
  input.setAttribute(
    'aria-describedby',
    [input.getAttribute('aria-describedby'), chosen.id].filter(Boolean).join(' '),
  );
  finder.querySelector('button').remove();

  let offered = [];
  let active = -1;
  let timer;
  let asking = new AbortController();

  const describe = ({ name, town, region, inn }) =>
    [name, town, region, inn && words.inn + inn].filter(Boolean).join(' · ');

  const close = () => {
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const point = (at) => {
    list.children[active]?.removeAttribute('aria-selected');
    active = at;
    const option = list.children[at];
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({ block: 'nearest' });
    input.setAttribute('aria-activedescendant', option.id);
  };

  const choose = (one) => {
    for (const old of finder.querySelectorAll('.finder-found, input[name="organisation"]')) old.remove();
    chosen.textContent = one ? describe(one) : '';
    units.replaceChildren(
      ...(one?.units ?? []).map((unit) => Object.assign(document.createElement('option'), { value: unit })),
    );
    if (!one) return;
    const id = Object.assign(document.createElement('input'), {
      type: 'hidden',
      name: 'organisation',
      value: one.id,
    });
    finder.append(id);
    input.value = one.shortName;
    status.textContent = '';
    close();
  };

  const pick = (at) => {
    if (offered[at]?.admits) choose(offered[at]);
    else if (offered[at]) status.textContent = `${offered[at].shortName}: ${words.closed}`;
  };

  const offer = (found) => {
    offered = found;
    list.replaceChildren(
      ...found.map((one, at) => {
        const option = document.createElement('li');
        option.id = `organisation-option-${at}`;
        option.setAttribute('role', 'option');
        if (!one.admits) option.setAttribute('aria-disabled', 'true');
        const name = document.createElement('span');
        name.className = 'choice-name';
        name.textContent = one.shortName;
        const more = document.createElement('span');
        more.className = 'fine';
        more.textContent = [describe(one), !one.admits && words.closed].filter(Boolean).join(' · ');
        option.append(name, ' ', more);
        // Before the field loses the focus.
        option.addEventListener('mousedown', (event) => {
          event.preventDefault();
          pick(at);
        });
        return option;
      }),
    );
    active = -1;
    input.removeAttribute('aria-activedescendant');
    list.hidden = found.length === 0;
    input.setAttribute('aria-expanded', String(found.length > 0));
  };

  const ask = async () => {
    asking.abort();
    asking = new AbortController();
    const { signal } = asking;
    status.textContent = words.searching;
    try {
      const answer = await fetch(`${words.finder}?${new URLSearchParams({ q: input.value })}`, {
        headers: { accept: 'application/json' },
        signal,
      });
      const { found = [], problem } = await answer.json();
      if (signal.aborted) return;
      offer(found);
      const form =
        { one: words.foundSingle, few: words.foundFew }[plural.select(found.length)] ?? words.foundMany;
      status.textContent = problem ?? form.replace('#', found.length);
    } catch {
      // The form still works: sending it searches, too.
      if (!signal.aborted) status.textContent = '';
    }
  };

  input.addEventListener('input', () => {
    clearTimeout(timer);
    asking.abort();
    choose(undefined);
    offer([]);
    status.textContent = '';
    if (input.value.trim().length >= SHORTEST) timer = setTimeout(ask, PAUSE_MILLISECONDS);
  });
  input.addEventListener('keydown', (event) => {
    const last = offered.length - 1;
    const moves = {
      ArrowDown: () => point(active < last ? active + 1 : 0),
      ArrowUp: () => point(active > 0 ? active - 1 : last),
    };
    if (event.key === 'Escape' && !list.hidden) close();
    else if (event.key === 'Enter' && !list.hidden && active >= 0) pick(active);
    else if (event.key === 'Enter' && !list.hidden) point(0);
    else if (moves[event.key] && offered.length > 0) {
      list.hidden = false;
      input.setAttribute('aria-expanded', 'true');
      moves[event.key]();
    } else return;
    event.preventDefault();
  });
  input.addEventListener('blur', close);

  // What was chosen before the page was shown stays chosen until somebody types.
  const radio = finder.querySelector('input[name="organisation"]:checked');
  if (radio && finder.querySelectorAll('input[name="organisation"]').length === 1) {
    const known = { id: radio.value, shortName: radio.dataset.name, name: radio.dataset.about };
    const own = [...units.children].map(({ value }) => value);
    choose({ ...known, units: own });
  }
}
