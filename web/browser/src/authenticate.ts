import { comeBack } from './helpers/away.js';
import { readToken } from './helpers/readToken.js';
import { run } from './run.js';
import type { Authenticated, AuthenticateOptions } from './types.js';

/**
 * Takes the flow of an auth token to its end. Resolved does not mean verified: it means decided. Ask your back end, which asks the server.
 * Rejects with a `CountersignError` when the flow cannot be taken to its end, and with the signal's reason when it was aborted.
 */
export async function authenticate(authToken: string, options: AuthenticateOptions = {}): Promise<Authenticated> {
  const away = comeBack((left) => readToken(left).authId);
  return await run(authToken, options, away?.[0] === authToken ? away[1] : undefined);
}
