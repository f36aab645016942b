import { abortable } from '../helpers/abortable.js';
import { accept } from '../helpers/accept.js';
import { childController } from '../helpers/childController.js';
import { createError } from '../helpers/createError.js';
import { isCountersignError } from '../helpers/isCountersignError.js';
import { isMobile } from '../helpers/isMobile.js';
import { watchStatus } from '../helpers/watchStatus.js';
import type { StepContext } from '../step.js';
import type { InputError, InstantLinkRequest } from '../types.js';

/** A link is sent by text and opened on the phone; the result comes over a socket. */
export async function instantLink({ call, options, showMatchCode, signal, token }: StepContext): Promise<string> {
  const { instantLink: tell, WebSocket = globalThis.WebSocket } = options;
  const over = childController(signal);

  const decided = new Promise<string>((finish, fail) => {
    begin().catch(fail);

    async function begin() {
      let mobileNumber: string | undefined;
      let error: InputError | undefined;
      let phoneNumberNeeded = !token.knowsNumberForLink;
      for (;;) {
        if (phoneNumberNeeded) {
          mobileNumber = (await tellApp({ phoneNumberNeeded, error }))?.phoneNumber;
          if (!mobileNumber) return giveUp();
        }
        // The socket waits before the text leaves; it stays the same over a refused number.
        if (!error) watchStatus(token, WebSocket, over.signal).then((answer) => finish(accept(answer).next)).catch(fail);
        error = await send(mobileNumber);
        if (!error) break;
        phoneNumberNeeded = true;
      }
      if (!over.signal.aborted) await tellApp({ phoneNumberNeeded: false });
    }

    /** Sends the link; returns what the server has against the number, if anything. */
    async function send(mobileNumber?: string): Promise<InputError | undefined> {
      const { next, data, error, matchCode } = await call('mobile/instantlink/start', { mobileNumber, isMobile: isMobile() });
      showMatchCode(matchCode);
      if (!error && data?.code !== undefined) {
        return { code: 'phone_number_refused', message: data.message ?? 'phone_number_refused', serverCode: data.code };
      }
      if (error || (next && next !== 'mobile/instantlink')) finish(next!);
      return undefined;
    }

    async function sendAgain(mobileNumber: string) {
      if (over.signal.aborted) return;
      try {
        const error = await send(mobileNumber);
        if (error) throw error;
      } catch (error) {
        // A lost request leaves the former link good; what the server itself ends is over.
        if (isCountersignError(error) && error.code !== 'network') fail(error);
        throw error;
      }
    }

    function tellApp(request: { phoneNumberNeeded: boolean; error?: InputError | undefined }) {
      const { error, ...rest } = request;
      const whole: InstantLinkRequest = {
        ...rest,
        ...(error && { error }),
        signal: over.signal,
        // An empty number means: the same as before.
        resend: () => sendAgain(''),
        changePhoneNumber: sendAgain,
        giveUp,
      };
      return Promise.resolve(whole)
        .then((link) => tell?.(link))
        .catch(giveUp);
    }

    function giveUp() {
      fail(createError('gave_up', 'The wait for the link was given up'));
    }
  });

  try {
    return await abortable(decided, signal);
  } finally {
    over.abort();
  }
}
