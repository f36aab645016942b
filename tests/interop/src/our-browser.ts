// The same page script over our own SDK: the bundle that is committed, not its sources.
import { authenticate, forgetDevice, type InputError, type InstantLinkRequest, type OtpRequest } from '../../../web/browser/dist/countersign.js';
import { relyingParty, type App, type PromptError, type StartOptions } from './relyingParty.js';

function run(authToken: string, options: StartOptions, app: App) {
  const abort = new AbortController();
  const result = authenticate(authToken, {
    onFinish: app.finish,
    onMatchCode: app.showMatchCode,
    signal: abort.signal,
    webOtp: options.webOtp ?? false,
    ...((options.otp ?? true) && { otp }),
    ...((options.instantLink ?? true) && { instantLink }),
  });
  return { result, cancel: () => abort.abort() };

  async function otp({ phoneNumberNeeded, error }: OtpRequest) {
    const answer = await app.ask(phoneNumberNeeded || error?.code === 'phone_number_refused' ? 'phone' : 'code', promptError(error));
    return 'giveUp' in answer ? null : answer;
  }

  async function instantLink(link: InstantLinkRequest) {
    if (link.phoneNumberNeeded) {
      const answer = await app.ask('phone', promptError(link.error));
      return 'phoneNumber' in answer ? { phoneNumber: answer.phoneNumber } : null;
    }
    if (options.instantLinkRetry) void offerRetry(link);
    return undefined;
  }

  async function offerRetry(link: InstantLinkRequest) {
    let refused: InputError | undefined;
    while (!link.signal.aborted) {
      const answer = await app.ask(refused ? 'phone' : 'link', promptError(refused));
      refused = undefined;
      if ('giveUp' in answer) return link.giveUp();
      try {
        await ('phoneNumber' in answer ? link.changePhoneNumber(answer.phoneNumber) : link.resend());
      } catch (error) {
        refused = error as InputError;
      }
    }
  }
}

function promptError(error?: InputError): PromptError | null {
  return error ? { code: error.serverCode ?? null, message: error.message, name: error.code } : null;
}

Object.assign(window, { relyingParty: relyingParty('ours', run, forgetDevice) });
