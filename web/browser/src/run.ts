import { abortable } from './helpers/abortable.js';
import { accept } from './helpers/accept.js';
import type { Returned } from './helpers/away.js';
import { createError } from './helpers/createError.js';
import { removeDevice } from './helpers/deviceStore.js';
import { errorPath } from './helpers/errorPath.js';
import { isCountersignError } from './helpers/isCountersignError.js';
import { post, type PostOptions } from './helpers/post.js';
import { readToken } from './helpers/readToken.js';
import { clientFailure, noDevice } from './helpers/serverCodes.js';
import { signatureHeaders } from './helpers/signatureHeaders.js';
import type { Step, StepContext } from './step.js';
import { deviceKey, deviceKeyOrPasskey } from './steps/device.js';
import { instantLink } from './steps/instantLink.js';
import { mobileAuth } from './steps/mobileAuth.js';
import { otp } from './steps/otp.js';
import { passkey } from './steps/passkey.js';
import type { Authenticated, AuthenticateOptions } from './types.js';

// Client protocol: no flow has more.
const maximumSteps = 50;

/** Reports that a device signs, if the flow has asked for one. */
const signedReports = ['device/passive/error', 'mobile/instant/error', 'mobile/otp/error', 'user/mobileactive/error'];

const steps: Record<string, Step> = {
  'device/passive': deviceKeyOrPasskey,
  'device/passive/silent': deviceKey,
  'device/passive/register': passkey,
  'device/passive/verify': passkey,
  'mobile/instant': mobileAuth,
  'mobile/otp': otp,
  'mobile/instantlink': instantLink,
};

/** @param returned - What the page came back with, if it went to the operator for this flow. */
export async function run(authToken: string, options: AuthenticateOptions, returned?: Returned): Promise<Authenticated> {
  const token = readToken(authToken);
  const { fetch, signal = new AbortController().signal } = options;
  const { authId } = token;
  let isMatchCodeShown = false;

  const context: StepContext = {
    token,
    options,
    signal,
    returned,
    call: async (path, body) => {
      const answer = await abortable(post(token, path, body, { fetch, signal }), signal);
      if (answer.error?.code === noDevice) {
        context.device = undefined;
        await removeDevice(token.namespace);
      }
      return accept(answer);
    },
    showMatchCode: (digits) => {
      if (!digits || isMatchCodeShown) return;
      isMatchCodeShown = true;
      options.onMatchCode?.(digits);
    },
  };

  let next = returned ? 'mobile/instant' : token.next;
  for (let count = 0; ; count++) {
    if (next === 'done') {
      await options.onFinish?.({ authId });
      return { authId };
    }
    if (next === '') return { authId };
    signal.throwIfAborted();
    if (count === maximumSteps) throw createError('protocol', `The flow has more than ${maximumSteps} steps`);
    next = await take(next, context);
  }
}

async function take(step: string, context: StepContext): Promise<string> {
  const { token, signal, options } = context;
  try {
    if (!Object.hasOwn(steps, step)) throw createError('protocol', `Unknown step: ${step}`);
    if (step === 'mobile/instantlink') context.showMatchCode(token.matchCode);
    return await steps[step]!(context);
  } catch (failure) {
    if (signal.aborted) {
      // Best effort, and nobody waits for it: it may well be the last thing the page does.
      report(step, 'Aborted by the app', context, { fetch: options.fetch, keepalive: true }).catch(() => {});
      throw signal.reason;
    }
    // What the server has ended needs no report; what one of the app's callbacks threw is the app's.
    if (!isCountersignError(failure) || failure.code === 'refused' || failure.code === 'expired') throw failure;
    return await afterReport(step, failure, context);
  }
}

/** Tells the server that a step failed on this side. It names the next step, often another way to the same end. */
async function afterReport(step: string, failure: Error, context: StepContext): Promise<string> {
  const { signal, options } = context;
  try {
    const next = await abortable(report(step, failure.message, context, { fetch: options.fetch, signal }), signal);
    if (next) return next;
  } catch (error) {
    signal.throwIfAborted();
    if (isCountersignError(error) && error.code !== 'network' && error.code !== 'protocol') throw error;
  }
  throw failure;
}

async function report(step: string, message: string, { token, device }: StepContext, options: PostOptions): Promise<string | undefined> {
  const path = errorPath(step);
  if (!path) return undefined;
  const body = { ...(step === 'mobile/instant' && { code: clientFailure }), message };
  // A report that cannot be signed is better than none.
  const headers =
    device?.deviceId && signedReports.includes(path)
      ? await signatureHeaders(token, device, path, body, options).catch(() => undefined)
      : undefined;
  const answer = await post(token, path, body, { ...options, headers });
  return answer.next;
}
