const { sdkUrl } = await (await fetch('/config')).json();
const { authenticate, isMobile } = await import(sdkUrl);

const $ = (id) => document.getElementById(id);

// A guess that the person may change: a tablet beside a phone looks mobile, too.
if (isMobile()) document.querySelector('[name=flowType][value=mobile]').checked = true;

// Enabled only now: without this script the browser would put the form's number and name into an address.
$('start').disabled = false;

$('person').addEventListener('submit', async (event) => {
  event.preventDefault();
  show('person', '');
  $('start').disabled = true;
  try {
    await verify();
  } catch (error) {
    show('person', error.forPeople ?? 'That did not work. Please try again.');
    console.warn(error.name, error.code);
  } finally {
    $('start').disabled = false;
  }
});

async function verify() {
  const { authToken } = await post('/verify', {
    firstName: $('firstName').value,
    lastName: $('lastName').value,
    phoneNumber: $('phoneNumber').value,
    flowType: document.querySelector('[name=flowType]:checked').value,
  });

  // Leaving the page tells the server that nobody is waiting any more.
  const leaving = new AbortController();
  addEventListener('pagehide', () => leaving.abort(), { once: true });

  $('match').hidden = true;
  show(null, 'Checking…');
  try {
    await authenticate(authToken, { otp: askForCode, instantLink: tellAboutLink, onMatchCode: showMatchCode, signal: leaving.signal });
  } catch (error) {
    // Given up or refused: the back end knows how the flow stands, so it is asked all the same.
    if (leaving.signal.aborted) return;
    console.warn(error.name, error.code);
  }

  // "Authenticated" means decided, not verified. Only the back end can tell which.
  const { outcome } = await post('/finish');
  if (outcome === 'true') show(null, 'Welcome! Your account is open.');
  else show('person', outcome === 'false' ? 'We could not confirm your details.' : 'The check was not finished. You can start again.');
}

/** Resolves to a code, a wish for another text, or null for giving up. Asked again after each wrong code. */
function askForCode({ error, signal }) {
  show('otp', { wrong_code: 'That code is not right.', network: 'No connection. Please try again.' }[error?.code] ?? '');
  $('code').value = '';
  $('code').focus();
  return new Promise((answer) => {
    // The listeners go with this question, whoever answers it: the browser may read the code from the text by itself.
    const over = new AbortController();
    const reply = (value) => { over.abort(); answer(value); };
    signal.addEventListener('abort', () => reply(null), { once: true });
    $('otp').addEventListener('submit', (event) => { event.preventDefault(); reply($('code').value); }, over);
    $('resendCode').addEventListener('click', () => reply({ resend: true }), over);
    $('cancelCode').addEventListener('click', () => reply(null), over);
  });
}

/** The result comes to this page by itself; the person may only ask for the text again or give up. */
function tellAboutLink({ signal, resend, giveUp }) {
  show('link', '');
  $('resendLink').addEventListener(
    'click', () => resend().then(() => show('link', 'Sent.'), () => show('link', 'Please try again.')), { signal });
  $('cancelLink').addEventListener('click', giveUp, { signal });
}

function showMatchCode(digits) {
  $('matchCode').textContent = digits;
  $('match').hidden = false;
}

function show(part, message) {
  for (const id of ['person', 'otp', 'link']) $(id).hidden = id !== part;
  $('message').textContent = message;
}

async function post(path, body) {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(body ?? {}),
  });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw Object.assign(new Error('refused by the back end'), { forPeople: answer.error });
  return answer;
}
