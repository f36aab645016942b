import { comeBack } from './helpers/away.js';
import { readToken } from './helpers/readToken.js';
import { run } from './run.js';
import type { Authenticated, AuthenticateOptions } from './types.js';

/**
 * Goes on with the flow for which this page went to the operator (`mobileAuth: { way: 'redirect' }`), with the same options. Returns
 * nothing when there is none: then begin one. Call it once, when the page loads: it also takes what the operator brought out of the
 * address bar.
 */
export function resume(options: AuthenticateOptions = {}): Promise<Authenticated> | undefined {
  const away = comeBack((authToken) => readToken(authToken).authId);
  return away && run(away[0], options, away[1]);
}
