import { createError } from './createError.js';

export interface AuthToken {
  readonly text: string;
  readonly authId: string;
  /** Origin of the server, without a slash at its end. */
  readonly origin: string;
  readonly next: string;
  readonly matchCode: string | undefined;
  /** Whether the server knows the number already, so that a text can be sent without asking for it. */
  readonly knowsNumberForOtp: boolean;
  readonly knowsNumberForLink: boolean;
}

/** Reads the claims the browser needs. The signature is the server's business: it made the token and checks it on every call. */
export function readToken(text: string): AuthToken {
  try {
    const { auth, matchCode } = JSON.parse(decodeBase64Url(text.split('.')[1]!));
    const methods = auth.subs?.mob?.auths;
    if (![auth.id, auth.next].every((claim) => typeof claim === 'string')) throw 0;

    return {
      text,
      authId: auth.id,
      origin: new URL(auth.endp).origin,
      next: auth.next,
      matchCode,
      knowsNumberForOtp: methods?.otp?.mnp !== false,
      knowsNumberForLink: methods?.inln?.mnp !== false,
    };
  } catch {
    throw createError('token_invalid', 'The auth token cannot be read');
  }
}

function decodeBase64Url(text: string): string {
  const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
  return new TextDecoder().decode(Uint8Array.from(binary, (char) => char.charCodeAt(0)));
}
