// The same page script over our own SDK: the bundle that is committed, not its sources.
import { authenticate, forgetDevice, resume, type AuthenticateOptions, type InputError, type InstantLinkRequest, type OtpRequest } from '../../../web/browser/dist/countersign.js';
import { relyingParty, type App, type PromptError, type StartOptions } from './relyingParty.js';

function run(authToken: string, options: StartOptions, app: App) {
  const abort = new AbortController();
  const sdkOptions: AuthenticateOptions = {
    ...(options.mobileAuth === 'redirect' && { mobileAuth: { way: 'redirect' } }),
    onFinish: app.finish,
    onMatchCode: app.showMatchCode,
    signal: abort.signal,
    webOtp: options.webOtp ?? false,
    ...((options.otp ?? true) && { otp }),
    ...((options.instantLink ?? true) && { instantLink }),
  };
  // A page that goes to the operator is another page when it comes back: what its test wants of it has to wait for it.
  if (options.mobileAuth === 'redirect') sessionStorage.setItem('options', JSON.stringify(options));
  const result = authToken ? authenticate(authToken, sdkOptions) : resume(sdkOptions) ?? Promise.reject(new Error('There is no flow to resume'));
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

const page = relyingParty('ours', run, forgetDevice);
Object.assign(window, { relyingParty: page });

const options = sessionStorage.getItem('options');
if (options) page.start('', JSON.parse(options));
