/* Asks the device for a passkey, or to make one, and sends its answer with the form. The forms are hidden until then. */

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (letter) => letter.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=+$/, '');

const withBytes = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

// Browsers that have not learnt WebAuthn §5.1.8 yet get the bytes by hand.
const readers = {
  get: (options) =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(options) ?? {
      ...options,
      challenge: bytes(options.challenge),
      allowCredentials: withBytes(options.allowCredentials),
    },
  create: (options) =>
    PublicKeyCredential.parseCreationOptionsFromJSON?.(options) ?? {
      ...options,
      challenge: bytes(options.challenge),
      user: { ...options.user, id: bytes(options.user.id) },
      excludeCredentials: withBytes(options.excludeCredentials),
    },
};

const writers = {
  get: ({ response }) => ({
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    ...(response.userHandle && { userHandle: text(response.userHandle) }),
  }),
  create: ({ response }) => ({
    clientDataJSON: text(response.clientDataJSON),
    attestationObject: text(response.attestationObject),
    transports: response.getTransports?.() ?? [],
  }),
};

const answerOf = (what, credential) => {
  if (credential.toJSON) return credential.toJSON();
  const { id, type } = credential;
  return { id, rawId: id, type, clientExtensionResults: {}, response: writers[what](credential) };
};

const optionsFor = async (form) => {
  const { csrf } = Object.fromEntries(new FormData(form));
  const answer = await fetch(form.dataset.options, {
    method: 'POST',
    body: new URLSearchParams({ csrf }),
    redirect: 'error',
  });
  // The page is older than what it belongs to: the next one says so.
  if (!answer.ok) return location.reload();
  return answer.json();
};

const ask = async (form) => {
  const what = form.dataset.passkey;
  const problem = form.querySelector('[aria-live]');
  problem.textContent = '';
  let options;
  try {
    options = await optionsFor(form);
  } catch {
    problem.textContent = form.dataset.offline;
    return;
  }
  if (!options) return;
  try {
    const credential = await navigator.credentials[what]({ publicKey: readers[what](options) });
    form.elements.response.value = JSON.stringify(answerOf(what, credential));
  } catch (error) {
    problem.textContent = error.name === 'InvalidStateError' ? form.dataset.known : form.dataset.failed;
    return;
  }
  // «Чужой компьютер» is ticked in the form of the password and holds for this one, too.
  const isShared = document.querySelector('#foreign_computer')?.checked;
  if (isShared) {
    const field = Object.assign(document.createElement('input'), { type: 'hidden', value: 'yes' });
    form.append(Object.assign(field, { name: 'foreign_computer' }));
  }
  // Not submit(): there it is a listener's turn again.
  HTMLFormElement.prototype.submit.call(form);
};

if (window.PublicKeyCredential) {
  for (const form of document.querySelectorAll('form[data-passkey]')) {
    form.hidden = false;
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void ask(form);
    });
  }
} else {
  for (const note of document.querySelectorAll('[data-no-passkeys]')) note.hidden = false;
}
