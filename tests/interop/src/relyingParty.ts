// What both pages have in common: the test's side. A test starts a flow, answers what it is asked, and reads `state`, which is plain JSON.

export interface StartOptions {
  /** Published SDK only: what the app passes to `withRole`. Without it the app does not call `withRole`. */
  role?: 'primary' | 'secondary';
  /** Default `fetch`; `pixel` is the published SDK's alone, `redirect` ours. */
  mobileAuth?: 'fetch' | 'pixel' | 'redirect';
  /** Whether the app has code callbacks. Default true. */
  otp?: boolean;
  /** Whether the app has a link callback. Default true. */
  instantLink?: boolean;
  /** Whether the app can resend a link or change its number: then `link` prompts are asked. Default false. */
  instantLinkRetry?: boolean;
  /** Ours only: whether the browser may read the code from the text. Default false. */
  webOtp?: boolean;
  /** The app's endpoint that is asked inside the finish callback, with `{ authId }` as a JSON POST. */
  finishUrl?: string;
}

/** `phone`: a number is wanted. `code`: a code is wanted. `link`: the link has been sent; resend, another number, or nothing. */
export type PromptKind = 'phone' | 'code' | 'link';

export interface PromptError {
  /** The server's code, where it gave one. */
  code: number | null;
  message: string;
  /** Ours: the literal code. Published: the name of the error. */
  name: string;
}

export interface Prompt {
  /** Its place in `state.prompts`. */
  id: number;
  kind: PromptKind;
  error: PromptError | null;
  answered: boolean;
}

export type PromptAnswer = { code: string } | { resend: true } | { phoneNumber: string } | { giveUp: true };

export interface State {
  sdk: 'published' | 'ours';
  status: 'idle' | 'running' | 'resolved' | 'rejected';
  prompts: Prompt[];
  /** How often the finish callback ran, and what it was told. */
  finishes: number;
  authId: string | null;
  finishStatus: number | null;
  /** What the app's own endpoint said inside the finish callback. */
  finishAnswer: unknown;
  /** Ours only: each call of `onMatchCode`. */
  matchCodes: string[];
  /** What `authenticate()` rejected with. */
  rejection: { name: string; message: string; code: number | string | null; serverCode: number | null } | null;
}

export interface App {
  state: State;
  /** Shows a prompt and waits for the test's answer. */
  ask(kind: PromptKind, error?: PromptError | null): Promise<PromptAnswer>;
  /** The finish callback. */
  finish(result: { authId: string }): Promise<void>;
  showMatchCode(digits: string): void;
}

export interface Running {
  result: Promise<unknown>;
  cancel(): void;
}

export function relyingParty(
  sdk: State['sdk'],
  run: (authToken: string, options: StartOptions, app: App) => Running,
  forgetDevice: () => Promise<void>,
) {
  const state: State = {
    sdk,
    status: 'idle',
    prompts: [],
    finishes: 0,
    authId: null,
    finishStatus: null,
    finishAnswer: null,
    matchCodes: [],
    rejection: null,
  };
  const open: { prompt: Prompt; resolve: (answer: PromptAnswer) => void }[] = [];
  const early: PromptAnswer[] = [];
  const waiting = new Set<() => boolean>();
  let running: Running | undefined;

  function changed() {
    for (const check of waiting) if (check()) waiting.delete(check);
    document.querySelector('#state')!.textContent = JSON.stringify(state, null, 2);
    document.querySelector('#match-code')!.textContent = state.matchCodes[0] ?? '';
  }

  function when<T>(value: () => T | undefined): Promise<T> {
    return new Promise((resolve) => {
      waiting.add(() => {
        const found = value();
        if (found !== undefined) resolve(found);
        return found !== undefined;
      });
      changed();
    });
  }

  function pair() {
    while (open.length && early.length) {
      const { prompt, resolve } = open.shift()!;
      prompt.answered = true;
      resolve(early.shift()!);
    }
    changed();
  }

  const appFor = (options: StartOptions): App => ({
    state,
    ask: (kind, error = null) =>
      new Promise((resolve) => {
        const prompt = { id: state.prompts.length, kind, error, answered: false };
        state.prompts.push(prompt);
        open.push({ prompt, resolve });
        pair();
      }),
    finish: async ({ authId }) => {
      state.finishes++;
      state.authId = authId;
      if (options.finishUrl) {
        const response = await fetch(options.finishUrl, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify({ authId }),
        });
        state.finishStatus = response.status;
        state.finishAnswer = await response.json();
      }
      changed();
    },
    showMatchCode: (digits) => {
      state.matchCodes.push(digits);
      changed();
    },
  });

  return {
    state,
    /** Begins a flow and returns at once; one flow for each load of the page. */
    start(authToken: string, options: StartOptions = {}): void {
      if (running) throw new Error('Load the page again for another flow');
      state.status = 'running';
      try {
        running = run(authToken, options, appFor(options));
      } catch (error) {
        running = { result: Promise.reject(error), cancel: () => {} };
      }
      running.result.then(
        () => {
          state.status = 'resolved';
          changed();
        },
        (error) => {
          state.status = 'rejected';
          const { name = '', message = String(error), code = null, serverCode = null } = error ?? {};
          state.rejection = { name, message, code, serverCode };
          changed();
        },
      );
      changed();
    },
    /** Answers the oldest open prompt; if there is none, the next one. */
    answer(answer: PromptAnswer): void {
      early.push(answer);
      pair();
    },
    /** What the app does when the person leaves: `cancel()` of the published SDK, an abort with ours. */
    cancel(): void {
      running!.cancel();
    },
    /** The person gives up the key that this browser keeps: `unregisterDevice()` of the published SDK, `forgetDevice()` of ours. */
    forgetDevice,
    /** Resolves with the prompt of that place (0 is the first) when it has been asked. */
    prompt: (id: number): Promise<Prompt> => when(() => state.prompts[id]),
    /** Resolves with the state when `authenticate()` has resolved or rejected. */
    ended: (): Promise<State> => when(() => (state.status === 'resolved' || state.status === 'rejected' ? state : undefined)),
  };
}
