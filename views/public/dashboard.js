/* Numbers that keep themselves fresh. Comfort only: the link «Обновить» does the same. */

/** Nobody has touched anything for so long: an hour without a person ends her visit, and so it must stay. */
const ALONE_MS = 55 * 60_000;
/** In this tab, so that another period is as still as the one she has stopped. */
const PAUSED = 'dashboard-paused';

const actions = document.querySelector('[data-live]');
const { pause, resume, lost, alone, seconds } = actions.dataset;
const button = document.createElement('button');
const status = document.createElement('p');
let running = true;
let touchedAt = Date.now();

const turn = (on, text = '') => {
  running = on;
  button.textContent = on ? pause : resume;
  status.textContent = text;
};

const show = async () => {
  if (!running || document.visibilityState !== 'visible') return;
  if (Date.now() - touchedAt > ALONE_MS) return turn(false, alone);
  const answer = await fetch(location.href, { redirect: 'manual' }).catch(() => undefined);
  // Her visit is over: the page itself leads to the sign-in.
  if (answer?.type === 'opaqueredirect') return location.reload();
  if (!answer?.ok) {
    status.textContent = lost;
    return;
  }
  const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
  const fresh = page.querySelector('#live');
  if (!running || !fresh) return;
  status.textContent = '';
  const live = document.querySelector('#live');
  // Whoever reads a table goes on reading it.
  for (const open of live.querySelectorAll('details[open]')) {
    fresh.querySelector(`#${open.id}`)?.setAttribute('open', '');
  }
  const focused = live.contains(document.activeElement) && document.activeElement.closest('details')?.id;
  const within = focused && (document.activeElement.matches('summary') ? 'summary' : '.tally-box');
  const scrolls = [...live.querySelectorAll('.tally-box')].map((box) => [box.scrollLeft, box.scrollTop]);
  live.replaceWith(document.adoptNode(fresh));
  for (const [index, box] of [...fresh.querySelectorAll('.tally-box')].entries())
    box.scrollTo(...(scrolls[index] ?? [0, 0]));
  if (focused) document.querySelector(`#${focused} ${within}`)?.focus({ preventScroll: true });
};

button.type = 'button';
button.className = 'button button-second';
button.addEventListener('click', () => {
  turn(!running);
  sessionStorage.setItem(PAUSED, String(!running));
  void show();
});
status.className = 'fine';
status.setAttribute('role', 'status');
turn(sessionStorage.getItem(PAUSED) !== 'true');
actions.append(button, status);
for (const kind of ['pointerdown', 'keydown', 'wheel']) {
  addEventListener(kind, () => {
    touchedAt = Date.now();
  });
}
setInterval(show, Number(seconds) * 1_000);
document.addEventListener('visibilitychange', show);
