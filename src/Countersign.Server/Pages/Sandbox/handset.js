// The sandbox's page: it plays the relying party's website, its browser SDK and the person's phone, and shows what passes between them.
import { authenticate } from '/sdk/countersign.js';

const pollEvery = 700;
const $ = (id) => document.getElementById(id);

/** The flow that runs: at most one. */
let run;

// ---- The website -----------------------------------------------------------------------------------------------------------------

// Enabled only now: without this script the browser would put the form's number and name into an address.
$('start').disabled = false;

$('begin').addEventListener('submit', async (event) => {
  event.preventDefault();
  $('start').disabled = true;
  try {
    await begin(Object.fromEntries(new FormData($('begin'))));
  } catch {
    say('beginProblem', 'The server does not answer. Is it still running?');
  } finally {
    $('start').disabled = false;
  }
});
$('cancel').addEventListener('click', () => run?.abort.abort());
$('again').addEventListener('click', () => show('begin'));

async function begin(fields) {
  say('beginProblem', '');
  const request = { ...fields };
  if (fields.flowType === 'desktop') request.finalTargetUrl = `${location.origin}/sandbox/landing`;
  if (fields.flowType === 'mobile') request.allowOTPRetry = true;

  if (fields.flowType === 'mobile') await insertSim(fields.phoneNumber);
  const before = (await call('GET', textsOf(fields.phoneNumber))).body;
  const answer = await call('POST', '/sandbox/flows', request);
  clear();
  note(
    'Back end', 'POST /v3/verify', answer.status, request, answer.body,
    'Sent with an access token of POST /token. Here: POST /sandbox/flows, which needs none.');
  if (!answer.isOk) return say('beginProblem', answer.body.message);

  run = {
    id: answer.body.correlationId,
    number: fields.phoneNumber,
    abort: new AbortController(),
    seen: new Set(Array.isArray(before) ? before.map((text) => text.id) : []),
    happened: 0,
    isDecided: false,
    isOver: false,
    skew: 0,
  };
  wait(
    'One moment…',
    fields.flowType === 'desktop' ? 'A link is on its way to your phone.' : 'Your mobile network is asked whether this is your phone.');
  follow(run);
  authenticate(answer.body.authToken, sdkOptions(run)).catch((error) => stopped(run, error));
}

/** What a website gives to the browser SDK; `fetch` and `WebSocket` only to show the calls. */
function sdkOptions(mine) {
  return {
    signal: mine.abort.signal,
    fetch: observedFetch,
    WebSocket: ObservedSocket,
    webOtp: false,
    otp: askForCode,
    instantLink: ({ resend, signal }) => {
      wait('Check your phone', 'Open the link in the text we sent you, and confirm. This page goes on by itself.');
      offerResend(() => resend().catch(() => {}), signal);
    },
    onMatchCode: (digits) => {
      $('matchCode').textContent = digits;
      $('match').hidden = false;
    },
    onFinish: () => look(mine),
  };
}

/** Resolves with the code that the person types, or with the wish for another text. */
function askForCode({ error, signal }) {
  wait('Type the code', 'We sent a code to your phone.');
  $('codeForm').hidden = false;
  say('codeProblem', error ? 'That was not the code. Try once more.' : '');
  $('code').value = '';
  $('code').focus();
  return new Promise((resolve) => {
    const listen = { signal, once: true };
    $('codeForm').addEventListener('submit', (event) => (event.preventDefault(), resolve($('code').value)), listen);
    offerResend(() => resolve({ resend: true }), signal);
  });
}

function offerResend(resend, signal) {
  $('resend').hidden = false;
  $('resend').onclick = resend;
  signal.addEventListener('abort', () => ($('resend').hidden = true), { once: true });
}

function stopped(mine, error) {
  // After an abort the server has been told, and its view says how the flow ended.
  if (mine !== run || mine.isDecided || mine.isOver || error?.name === 'AbortError') return;
  conclude('It ended early', error?.message ?? 'The browser SDK gave up.');
}

const outcomes = {
  true: ['You are in', 'The phone is in your hands and the name belongs to its number.'],
  possession: ['We could not verify you', 'It was not proven that the phone is in your hands.'],
  identity: ['We could not verify you', 'The phone is in your hands, but the name was not confirmed for its number.'],
};

function conclude(title, text) {
  $('outcomeTitle').textContent = title;
  $('outcomeText').textContent = text;
  show('outcome');
  $('outcomeTitle').focus({ preventScroll: true });
}

function wait(title, text) {
  $('waitingTitle').textContent = title;
  $('waitingText').textContent = text;
  $('codeForm').hidden = true;
  $('resend').hidden = true;
  if ($('waiting').hidden) {
    $('match').hidden = true;
    show('waiting');
    $('waitingTitle').focus({ preventScroll: true });
  }
}

function show(part) {
  for (const id of ['begin', 'waiting', 'outcome']) $(id).hidden = id !== part;
}

function say(id, text) {
  $(id).textContent = text;
  $(id).hidden = !text;
}

// ---- What is true: the server's view, asked again and again while a flow runs -------------------------------------------------------

async function follow(mine) {
  while (mine === run && !mine.isOver) {
    await look(mine).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, pollEvery));
  }
}

async function look(mine) {
  if (mine !== run || mine.isOver) return;
  const [flow, texts] = await Promise.all([call('GET', `/sandbox/flows/${mine.id}`), call('GET', textsOf(mine.number))]);
  if (mine !== run || mine.isOver) return;
  if (texts.isOk) showTexts(mine, texts.body);
  if (flow.isOk) return showFlow(mine, flow.body);

  mine.isOver = true;
  mine.abort.abort();
  happened(new Date(Date.now() + mine.skew), 'the flow’s life is over: nobody knows it any more');
  if (!mine.isDecided) conclude('Too late', 'The flow’s life is over, and with it everything that was asked.');
  showDeadline();
}

function showFlow(mine, view) {
  mine.skew = Date.parse(view.now) - Date.now();
  mine.deadline = view.deadline;
  mine.ends = view.expiresAt;
  for (const name of ['success', 'possessionResult', 'verifyResult']) showResult(name, view[name]);
  const reasons = Object.entries(view.evaluation ?? {}).flatMap(
    ([of, { failureReasons }]) => Object.entries(failureReasons ?? {}).map(([code, text]) => `${of} ${code}: ${text}`));
  say('evaluation', reasons.join(' · '));
  for (const { at, what } of view.timeline.slice(mine.happened)) happened(new Date(at), what);
  mine.happened = view.timeline.length;
  showDeadline();

  if (view.success === 'pending' || mine.isDecided) return;
  mine.isDecided = true;
  const { correlationId, success, possessionResult, verifyResult, evaluation } = view;
  note(
    'Back end', 'POST /v3/verify-status', 200, { correlationId },
    { success, possessionResult, verifyResult, correlationId, evaluation },
    'Only this call decides: what a browser says can be made up.');
  conclude(...outcomes[success === 'true' ? 'true' : possessionResult === 'failed' ? 'possession' : 'identity']);
  showDeadline();
}

function showResult(name, value) {
  if ($(name).textContent === value) return;
  $(name).textContent = value;
  $(name).parentElement.dataset.state = { pending: 'wait', true: 'good', success: 'good', false: 'bad', failed: 'bad' }[value] ?? '';
}

function happened(at, what) {
  append('timeline', element('li', { 'data-testid': 'timeline-entry' }, element('time', {}, clockTime(at)), element('span', {}, what)));
}

function showDeadline() {
  const isRunning = run && !run.isDecided && !run.isOver && run.ends;
  const until = isRunning && Date.parse(run.deadline ?? run.ends);
  $('deadlineLabel').textContent = !run ? 'No flow is running.'
    : run.isOver ? 'The flow is over.'
    : run.isDecided ? 'Decided.'
    : run.deadline ? 'Time left for the phone:' : 'Time left for the flow:';
  $('deadline').textContent = until ? duration(until - Date.now() - run.skew) : '';
  $('phoneClock').textContent = clockTime(new Date(Date.now() + (run?.skew ?? 0))).slice(0, 5);
}
setInterval(showDeadline, 250);

for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', async () => {
    await call('POST', '/sandbox/clock', { advanceSeconds: Number(button.dataset.advance) });
    if (run) await look(run);
  });
}

// ---- The phone -------------------------------------------------------------------------------------------------------------------

const textsOf = (number) => `/sandbox/messages?to=${encodeURIComponent(number)}`;

function showTexts(mine, texts) {
  for (const text of texts) {
    // A text whose fate is not known yet comes with the next look.
    if (mine.seen.has(text.id) || text.state === 'queued') continue;
    mine.seen.add(text.id);
    // A new link takes the former one's place.
    if (text.link) for (const former of $('thread').querySelectorAll('a')) former.className = 'dead';
    append('thread', bubble(text));
    $('thread').scrollTop = $('thread').scrollHeight;
  }
}

function bubble({ text, link, code, sentAt, state }) {
  const lost = (why) => element('li', { class: 'note', 'data-testid': 'lost-message' }, why);
  if (state === 'undelivered') return lost('A text was sent but did not arrive. The receipt says: undelivered.');
  if (state === 'refused' || state === 'expired') return lost('No text could be sent: the gateway refused it.');
  const proof = link ?? code;
  const [head, ...tail] = text.split(proof);
  return element(
    'li', { class: 'bubble', 'data-testid': 'message' }, head, link ? linkTo(link) : codeButton(code), tail.join(proof),
    element('time', {}, clockTime(new Date(sentAt))));
}

function linkTo(link) {
  const a = element('a', { href: link, target: '_blank', rel: 'noopener', 'data-testid': 'message-link' }, link);
  a.addEventListener('click', (event) => {
    // The link page may not be framed, so that nobody can lay another page over its button: it gets a window as large as a phone.
    event.preventDefault();
    open(link, '_blank', 'popup,noopener,width=390,height=720');
  });
  return a;
}

function codeButton(code) {
  const button = element('button', { type: 'button', 'data-testid': 'message-code', 'aria-label': `Copy the code ${code}` }, code);
  button.addEventListener('click', async () => {
    if (!$('codeForm').hidden) {
      $('code').value = code;
      $('code').focus();
    }
    await navigator.clipboard?.writeText(code).catch(() => {});
  });
  return button;
}

// ---- Its SIM card: only beside a simulated operator --------------------------------------------------------------------------------

const networks = { right: 'Sandbox Mobile', other: 'Another Mobile', wifi: 'Wi-Fi' };

/** Nobody's: no test user has it. */
const otherNumber = '+12025550143';

/** Undefined where there is no operator. */
let operator;

async function findOperator() {
  const { body } = await call('GET', '/sandbox/operator');
  if (!body?.origin) return;
  operator = body;
  $('sim').hidden = false;
  $('sim').addEventListener('change', () => insertSim($('phoneNumber').value));
}

/** Tells the operator which SIM is behind this browser's address. */
async function insertSim(number) {
  if (!operator) return;
  const sim = document.querySelector('[name=sim]:checked').value;
  $('network').textContent = networks[sim];
  const attached = sim === 'right' ? e164(number) : otherNumber;
  const place = `${operator.origin}/sim/network/${operator.address}`;
  const isWifi = sim === 'wifi';
  const isTold = await fetch(
    isWifi ? place : `${place}?msisdn=${encodeURIComponent(attached)}`, { method: isWifi ? 'DELETE' : 'PUT' },
  ).then(({ ok }) => ok, () => false);
  say('simProblem', isTold ? '' : 'The simulated operator does not answer. Is it still running?');
}

const e164 = (number) => (number.startsWith('+') ? number : number.length === 10 ? `+1${number}` : `+${number}`);

// ---- The wire --------------------------------------------------------------------------------------------------------------------

async function call(method, path, body) {
  const json = body && { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, { method, ...json });
  const text = await response.text();
  return { isOk: response.ok, status: response.status, body: text ? JSON.parse(text) : null };
}

async function observedFetch(url, init) {
  const response = await fetch(url, init);
  const answer = await response.clone().json().catch(() => null);
  if (!init.body) {
    const { origin, pathname } = new URL(url);
    note(
      'Browser', `GET ${pathname}`, response.status, null, answer,
      `Made by the browser SDK at the mobile operator, ${origin}: it knows the SIM behind the call, and `
        + 'sends the browser back with a code, sealed here.');
    return response;
  }
  note(
    'Browser', `POST ${new URL(url).pathname}`, response.status, JSON.parse(init.body), answer,
    'Made by the browser SDK, with the auth token.');
  return response;
}

class ObservedSocket extends WebSocket {
  constructor(url, protocols) {
    super(url, protocols);
    const entry = note(
      'Browser', `WebSocket ${new URL(url).pathname}`, 'open', null, null,
      'The waiting page is told here, the moment the phone answers.');
    this.addEventListener('message', ({ data }) => {
      if (data === 'pong') return;
      entry.querySelector('.answer').textContent = 'answered';
      entry.append(element('p', { class: 'hint' }, 'Message'), element('pre', {}, pretty(JSON.parse(data))));
    });
  }
}

/** Adds a line to the wire's list. */
function note(who, what, status, request, answer, remark) {
  const entry = element('details', {},
    element(
      'summary', {}, element('span', { class: 'who', 'data-who': who }, who), element('code', {}, what),
      element('span', { class: 'answer' }, String(status))),
    element('p', { class: 'hint' }, remark));
  if (request) entry.append(element('p', { class: 'hint' }, 'Request'), element('pre', {}, pretty(request)));
  if (answer) entry.append(element('p', { class: 'hint' }, 'Answer'), element('pre', {}, pretty(answer)));
  append('wire', element('li', { 'data-testid': 'wire-entry' }, entry));
  return entry;
}

const pretty = (value) => JSON.stringify(
  value, (name, part) => (name === 'authToken' && part ? `${part.slice(0, 12)}… (${part.length} characters)` : part), 2);

// ---- Small things ----------------------------------------------------------------------------------------------------------------

function element(name, attributes, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/** Adds to a list, in place of the word that stands there while it is empty. */
function append(list, item) {
  $(list).querySelector('.empty')?.remove();
  $(list).append(item);
}

/** A new flow begins on clean lists. */
function clear() {
  run?.abort.abort();
  run = undefined;
  for (const id of ['timeline', 'wire']) $(id).replaceChildren();
  $('thread').replaceChildren(element('li', { class: 'empty' }, 'No texts yet.'));
  for (const name of ['success', 'possessionResult', 'verifyResult']) showResult(name, '–');
  say('evaluation', '');
}

const clockTime = (date) => date.toLocaleTimeString('en-GB');

function duration(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

// ---- The test users --------------------------------------------------------------------------------------------------------------

function choose(user) {
  for (const name of ['phoneNumber', 'firstName', 'lastName']) $(name).value = user[name];
  for (const button of $('people').querySelectorAll('button')) {
    button.setAttribute('aria-pressed', String(button.dataset.number === user.phoneNumber));
  }
  const chosen = $('people').querySelector('[aria-pressed=true]');
  $('people').scrollTop = chosen.offsetTop - $('people').offsetTop - 8;
}

function offer(user) {
  const button = element(
    'button',
    { type: 'button', 'aria-pressed': 'false', 'data-number': user.phoneNumber, 'data-testid': `user-${user.phoneNumber}` },
    element('b', {}, `${user.firstName} ${user.lastName}${user.isExtension ? ' ✦' : ''} `), element('code', {}, user.phoneNumber),
    element('span', {}, user.scenario));
  button.addEventListener('click', () => {
    choose(user);
    show('begin');
  });
  return element('li', {}, button);
}

await findOperator();
const users = (await call('GET', '/sandbox/users')).body;
$('people').append(...users.map(offer));
// Somebody for whom every step is there to be seen: the link in one flow, the code in the other.
choose(users.find((user) => user.phoneNumber === '2001009002') ?? users[0]);
