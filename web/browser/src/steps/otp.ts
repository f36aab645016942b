import { abortable } from '../helpers/abortable.js';
import { childController } from '../helpers/childController.js';
import { createError } from '../helpers/createError.js';
import { isCountersignError } from '../helpers/isCountersignError.js';
import { readCodeFromText } from '../helpers/readCodeFromText.js';
import type { StepContext } from '../step.js';
import type { InputError, OtpAnswer } from '../types.js';

/** So many lost entries in a row, and the step is reported as failed. */
const maximumLosses = 3;

/** A code is sent by text and typed by the person, or read from the text by the browser. */
export async function otp(context: StepContext): Promise<string> {
  const { call, options, token } = context;
  // Nobody to ask: then no text is worth sending.
  if (!options.otp) throw createError('gave_up', 'The app cannot ask for a code');

  let mustSend = token.knowsNumberForOtp;
  let mobileNumber: string | undefined;
  let phoneNumberNeeded = true;
  let attempt = 1;
  let losses = 0;
  let error: InputError | undefined;
  let inbox = openInbox(context);

  try {
    for (;;) {
      if (mustSend) {
        const answer = await call('mobile/otp/start', { mobileNumber });
        // "done" without an error: the flow was decided meanwhile, in another tab perhaps.
        if (answer.error || answer.next === 'done') return answer.next!;
        // `data` is an objection to the number. A text sent before stays good, so its code may still be typed.
        if (answer.data?.code !== undefined) error = inputError('phone_number_refused', answer.data);
        else phoneNumberNeeded = false;
        mustSend = false;
      }

      const answer = await ask(context, inbox, { phoneNumberNeeded, attempt, ...(error && { error }) });
      error = undefined;
      if (answer == null) throw createError('gave_up', 'No code was given');

      if (typeof answer === 'object' && !('code' in answer)) {
        mobileNumber = 'phoneNumber' in answer ? answer.phoneNumber : undefined;
        mustSend = true;
        continue;
      }

      // The browser listens anew for the text of a next try; the one it has read is spent.
      inbox.close();
      inbox = openInbox(context);
      const code = (typeof answer === 'string' ? answer : answer.code).replace(/\s/g, '');
      try {
        const { next, data, error: refusal } = await call('mobile/otp/finish', { otp: code });
        if (refusal || !data) return next!;
        error = inputError('wrong_code', data);
        attempt++;
        losses = 0;
      } catch (failure) {
        // Phones lose their connection between two cells. Asked again, the server answers for the first time or repeats itself.
        if (!isCountersignError(failure) || failure.code !== 'network' || ++losses === maximumLosses) throw failure;
        error = inputError('network', failure);
      }
    }
  } finally {
    inbox.close();
  }
}

interface Inbox {
  readonly code: Promise<string>;
  readonly close: () => void;
}

/** Opened before the text is sent: the browser shows only what arrives while it listens. */
function openInbox({ options, signal }: StepContext): Inbox {
  const listener = childController(signal);
  return {
    code: options.webOtp === false ? new Promise(() => {}) : readCodeFromText(listener.signal),
    close: () => listener.abort(),
  };
}

async function ask(
  { options, signal }: StepContext,
  inbox: Inbox,
  request: { phoneNumberNeeded: boolean; attempt: number; error?: InputError },
): Promise<OtpAnswer> {
  const prompt = childController(signal);
  const typed = async () => {
    try {
      return await options.otp?.({ ...request, signal: prompt.signal });
    } catch {
      return null;
    }
  };
  try {
    return await abortable(Promise.race([typed(), inbox.code]), signal);
  } finally {
    prompt.abort();
  }
}

function inputError(code: InputError['code'], { message = code, code: serverCode }: { message?: string; code?: unknown }): InputError {
  return { code, message, ...(typeof serverCode === 'number' && { serverCode }) };
}
