// A page script that drives the published browser SDK as a relying party's app would.
import {
  AuthenticatorBuilder,
  InstantLinkResultType,
  MobileAuthImplementation,
  OtpFinishResultType,
  type DeviceRole,
} from '@prove-identity/prove-auth';
import { relyingParty, type App, type PromptError, type StartOptions } from './relyingParty.js';

function run(authToken: string, options: StartOptions, app: App) {
  /** A number given to a code or link prompt, for the SDK asks for it in a second step. */
  let nextNumber: string | undefined;

  const builder = new AuthenticatorBuilder()
    .withAuthFinishStep(app.finish)
    .withMobileAuthImplementation(options.mobileAuth === 'pixel' ? MobileAuthImplementation.Pixel : MobileAuthImplementation.Fetch);

  if (options.role) builder.withRole(options.role as DeviceRole);
  if (options.otp ?? true) builder.withOtpFallback(phone, code);
  if (options.instantLink ?? true) builder.withInstantLinkFallback(phone, options.instantLinkRetry ? link : undefined);

  const result = builder.build().authenticate(authToken);
  return { result, cancel: () => result.cancel() };

  /** The start callback: the SDK calls it before each sending, also when no number is needed. */
  async function phone(phoneNumberNeeded: boolean, error?: Error & { code?: number }) {
    if (nextNumber !== undefined) {
      const phoneNumber = nextNumber;
      nextNumber = undefined;
      return { phoneNumber };
    }
    if (!phoneNumberNeeded && !error) return null;
    const answer = await app.ask('phone', promptError(error));
    if ('phoneNumber' in answer) return { phoneNumber: answer.phoneNumber };
    throw new Error('The person gave up');
  }

  async function code(error?: Error & { code?: number }) {
    const answer = await app.ask('code', promptError(error));
    if ('code' in answer) return { resultType: OtpFinishResultType.OnSuccess, input: { otp: answer.code } };
    if ('resend' in answer) return { resultType: OtpFinishResultType.OnResendOtp };
    if ('giveUp' in answer) throw new Error('The person gave up');
    nextNumber = answer.phoneNumber;
    return { resultType: OtpFinishResultType.OnMobileNumberChange };
  }

  async function link() {
    const answer = await app.ask('link');
    if ('resend' in answer) return InstantLinkResultType.OnResend;
    if (!('phoneNumber' in answer)) throw new Error('The person gave up');
    nextNumber = answer.phoneNumber;
    return InstantLinkResultType.OnMobileNumberChange;
  }
}

function forgetDevice() {
  return new AuthenticatorBuilder().build().unregisterDevice();
}

function promptError(error?: Error & { code?: number }): PromptError | null {
  return error ? { code: error.code ?? null, message: error.message, name: error.name } : null;
}

Object.assign(window, { relyingParty: relyingParty('published', run, forgetDevice) });
