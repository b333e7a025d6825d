/* Comfort only: shows the time left to the second, saves what is chosen just before it is over, then opens the result. */

const left = document.querySelector('[data-deadline]');

if (left) {
  // The server's clock counts; this one only says how much of it has gone by.
  const loadedAt = performance.now();
  const duration = Number(left.dataset.deadline) - Number(left.dataset.now);
  const saveMs = 1_500;
  let saved = false;

  const tick = () => {
    const remaining = duration - (performance.now() - loadedAt);
    const seconds = Math.max(0, Math.ceil(remaining / 1_000));
    const digits = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    left.textContent = left.dataset.template.replace('{time}', digits);
    const form = document.querySelector('form.quiz');
    if (remaining <= saveMs && !saved && form?.querySelector('input[name=option]:checked')) {
      saved = true;
      form.requestSubmit();
    } else if (remaining <= 0) {
      clearInterval(ticking);
      location.assign('/finish');
    }
  };
  const ticking = setInterval(tick, 1_000);
  tick();
}
