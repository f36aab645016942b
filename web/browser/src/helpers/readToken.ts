import { fromBase64 } from './base64.js';
import { createError } from './createError.js';

export interface AuthToken {
  readonly text: string;
  readonly authId: string;
  /** Origin of the server, without a slash at its end. */
  readonly origin: string;
  readonly next: string;
  /** What a device key is good for: another namespace, another key. */
  readonly namespace: string;
  /** Signed to register or to prove a device key. */
  readonly challenge: string;
  /** Whether a browser that has no device key yet shall have a passkey beside it. */
  readonly wantsPasskey: boolean;
  readonly matchCode: string | undefined;
  /** Whether the server knows the number already, so that a text can be sent without asking for it. */
  readonly knowsNumberForOtp: boolean;
  readonly knowsNumberForLink: boolean;
}

/** Reads the claims the browser needs. The signature is the server's business: it made the token and checks it on every call. */
export function readToken(text: string): AuthToken {
  try {
    const { auth, matchCode } = JSON.parse(new TextDecoder().decode(fromBase64(text.split('.')[1]!)));
    const { dev, mob } = auth.subs ?? {};
    const methods = mob?.auths;
    if (![auth.id, auth.next].every((claim) => typeof claim === 'string')) throw 0;

    return {
      text,
      authId: auth.id,
      origin: new URL(auth.endp).origin,
      next: auth.next,
      namespace: auth.ans,
      challenge: auth.chlg,
      wantsPasskey: ['pref', 'req'].includes(dev?.auths?.pasv?.uvlvl),
      matchCode,
      knowsNumberForOtp: methods?.otp?.mnp !== false,
      knowsNumberForLink: methods?.inln?.mnp !== false,
    };
  } catch {
    throw createError('token_invalid', 'The auth token cannot be read');
  }
}
