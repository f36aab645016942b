/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/**
 * Why `authenticate` rejected.
 * - `token_invalid`: the auth token cannot be read; no request was made.
 * - `network`: the server, or the operator's page in Mobile Auth, did not answer.
 * - `refused`: the server ended the flow with an error; `serverCode` or `status` says more.
 * - `gave_up`: a callback gave up or was not given, or the person refused a passkey, and the server named no other way.
 * - `expired`: the server no longer accepts this auth token (HTTP 401); ask your back end for a new one.
 * - `protocol`: the server's answer is not one this SDK understands.
 * - `unsupported`: this browser cannot keep a device key, and the server named no other way.
 *
 * An abort is not in this list: it rejects with the signal's reason, by default a `DOMException` named `AbortError`.
 */
export type ErrorCode = 'token_invalid' | 'network' | 'refused' | 'gave_up' | 'expired' | 'protocol' | 'unsupported';

export interface CountersignError extends Error {
  readonly name: 'CountersignError';
  readonly code: ErrorCode;
  /** `error.code` of the server's answer, where it gave one. */
  readonly serverCode?: number;
  /** HTTP status, where it was not 2xx. */
  readonly status?: number;
}

/**
 * Why a callback is asked again.
 * - `wrong_code`: the code was not right, and another try is allowed.
 * - `phone_number_refused`: the server does not take this phone number.
 * - `network`: the server did not answer; the code has perhaps not arrived and may be given again.
 */
export type InputErrorCode = 'wrong_code' | 'phone_number_refused' | 'network';

export interface InputError {
  readonly code: InputErrorCode;
  /** For logs, not for people: write your own text for each `code`. */
  readonly message: string;
  /**
   * For a number that was refused: 8007 or 8009, it is no test user (of this call); 10003, the flow allows no other number, or no further
   * one.
   */
  readonly serverCode?: number;
}

export interface OtpRequest {
  /** True: nothing has been sent yet, answer `{ phoneNumber }`. False: a code is on its way. */
  readonly phoneNumberNeeded: boolean;
  /** What was wrong with the answer before, if anything. */
  readonly error?: InputError;
  /** Which code entry is asked for: 1, then one more after each wrong code. A resend does not count. */
  readonly attempt: number;
  /** Aborts when the answer is no longer wanted: the browser has read the code from the text, or the flow is over. */
  readonly signal: AbortSignal;
}

/**
 * A string or `{ code }` is the code the person typed, `{ resend: true }` asks for the text once more, `{ phoneNumber }` gives the number
 * or changes it, `null` or nothing gives up. Throwing gives up too.
 */
export type OtpAnswer = string | { code: string } | { resend: true } | { phoneNumber: string } | null | undefined | void;

export interface InstantLinkRequest {
  /** True: nothing has been sent yet, answer `{ phoneNumber }`. False: the link is on its way; what is returned is ignored. */
  readonly phoneNumberNeeded: boolean;
  /** What was wrong with the number given before, if anything. */
  readonly error?: InputError;
  /** Aborts when the link was opened, has expired or was refused, and when the flow is aborted. */
  readonly signal: AbortSignal;
  /** Sends the link once more. Rejects with a `CountersignError` if that failed; the wait for the former link goes on after `network`. */
  resend(): Promise<void>;
  /** Sends the link to another number. Rejects with an `InputError` if the server does not take it; the wait then goes on. */
  changePhoneNumber(phoneNumber: string): Promise<void>;
  /** Ends the wait as given up. */
  giveUp(): void;
}

export type InstantLinkAnswer = { phoneNumber: string } | null | undefined | void;

export interface Authenticated {
  /** The flow's id, the same that `onFinish` is told. It is no secret and no proof. */
  readonly authId: string;
}

export interface ForgetDeviceOptions {
  /** Stops the calls to the servers. What is stored is removed all the same. */
  signal?: AbortSignal;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
}

export interface MobileAuthOptions {
  /**
   * `fetch` (the default): a script asks the operator, silently; the operator must allow that (CORS). `redirect`: the page itself goes to
   * the operator and comes back, which every operator allows; call `resume` when your page loads.
   */
  way?: 'fetch' | 'redirect';
  /**
   * Where the page comes back to. Default: the page's own address. It must be on a web origin that the project lists at the server, and
   * have no fragment.
   */
  returnUrl?: string;
}

export interface AuthenticateOptions {
  /** How the operator is asked whose line this is. */
  mobileAuth?: MobileAuthOptions;
  /** Asks the person for the code of a text. Without it a flow that needs a code is given up. */
  otp?: (request: OtpRequest) => Awaitable<OtpAnswer>;
  /** Told when a link has been sent (and asked for a number when none is known). Giving up is done by `giveUp()` or by throwing. */
  instantLink?: (request: InstantLinkRequest) => Awaitable<InstantLinkAnswer>;
  /**
   * Given the six digits to show beside "open the link on your phone". Called at most once, and only where the project asks for matching.
   */
  onMatchCode?: (digits: string) => void;
  /** Awaited once when the flow is decided, well or not. Ask your back end for the result here: only its status call decides. */
  onFinish?: (result: Authenticated) => Awaitable<void>;
  /** Stops everything, tells the server, and makes `authenticate` reject with the signal's reason. */
  signal?: AbortSignal;
  /** Whether the browser may read the code from the text by itself (WebOTP). True by default; it needs the person's consent each time. */
  webOtp?: boolean;
  /** Default: the global one. */
  fetch?: typeof globalThis.fetch;
  /** Default: the global one. */
  WebSocket?: typeof globalThis.WebSocket;
}
