/* Comfort only: every page works without this file. */

for (const input of document.querySelectorAll('input[data-show]')) {
  const button = document.createElement('button');
  const turn = (shown) => {
    input.type = shown ? 'text' : 'password';
    button.textContent = shown ? input.dataset.hide : input.dataset.show;
    button.setAttribute('aria-label', shown ? input.dataset.hideLong : input.dataset.showLong);
  };
  button.type = 'button';
  button.className = 'reveal';
  button.setAttribute('aria-controls', input.id);
  button.addEventListener('click', () => turn(input.type === 'password'));
  // Browsers keep a password only from a password field.
  input.form.addEventListener('submit', () => turn(false));
  turn(false);
  input.after(button);
}

// A ticket number is easier to compare with the card in groups of four.
for (const input of document.querySelectorAll('input[data-groups]')) {
  input.addEventListener('change', () => {
    const digits = input.value.replace(/[\s.\u2010-\u2014-]/g, '');
    if (/^\d{16}$/.test(digits)) input.value = digits.replace(/(\d{4})(?=\d)/g, '$1 ');
  });
}

// Letters of the other alphabet in a new password are most often an oversight; the form says so before it is sent.
for (const input of document.querySelectorAll('input[data-wrong-layout]')) {
  const hint = document.createElement('p');
  hint.className = 'hint';
  hint.setAttribute('role', 'status');
  input.closest('.field').append(hint);
  input.addEventListener('input', () => {
    const wrong = /[\u0400-\u04ff]/.test(input.value) && !/[a-z\s]/i.test(input.value);
    hint.textContent = wrong ? input.dataset.wrongLayout : '';
  });
}

// A page that waits for a letter to be opened elsewhere looks now and then whether it leads on, for a quarter of an hour.
if (document.querySelector('[data-leads-on]')) {
  let looks = 60;
  const look = async () => {
    looks -= 1;
    if (looks < 0) return clearInterval(timer);
    if (document.visibilityState !== 'visible') return;
    const answer = await fetch(location.pathname, { method: 'HEAD', redirect: 'manual' }).catch(
      () => undefined,
    );
    if (answer?.type === 'opaqueredirect') location.reload();
  };
  const timer = setInterval(look, 15_000);
  document.addEventListener('visibilitychange', look);
}

// A page that waits for a phone asks every two seconds, and shows itself anew when there is something else to see.
for (const waiting of document.querySelectorAll('[data-waits-at]')) {
  const timer = setInterval(async () => {
    if (document.visibilityState !== 'visible') return;
    const answer = await fetch(waiting.dataset.waitsAt).catch(() => undefined);
    if (answer === undefined || (answer.ok && (await answer.text()) === 'waiting')) return;
    clearInterval(timer);
    location.reload();
  }, 2_000);
}

// A page made for paper says which keys print it; a button does the same.
for (const hint of document.querySelectorAll('[data-print]')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button';
  button.textContent = hint.dataset.print;
  button.addEventListener('click', () => print());
  hint.replaceChildren(button);
}

// A second click sends no second form; coming back by the back button sends again.
for (const form of document.forms) {
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    setTimeout(() => delete form.dataset.sent, 5_000);
  });
}
addEventListener('pageshow', () => {
  for (const form of document.forms) delete form.dataset.sent;
});
