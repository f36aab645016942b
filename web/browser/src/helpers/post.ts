import { createError } from './createError.js';
import { readAnswer, type Answer } from './readAnswer.js';
import type { AuthToken } from './readToken.js';
import { version } from './version.js';

export interface PostOptions {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
}

export async function post(token: AuthToken, path: string, body: object, options: PostOptions): Promise<Answer> {
  // Called as a plain function: a browser's fetch refuses any other `this`.
  const { fetch = globalThis.fetch, ...rest } = options;
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${token.origin}/v1/client/${path}`, {
      ...rest,
      method: 'POST',
      credentials: 'omit',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'PA-Version': `Countersign/${version} WEB/1`,
        Authorization: `Bearer ${token.text}`,
      },
      body: JSON.stringify(body),
    });
    status = response.status;
    text = await response.text();
  } catch {
    throw createError('network', 'The server did not answer');
  }

  if (status < 200 || status > 299) throw statusError(status, text);
  return readAnswer(text);
}

function statusError(status: number, text: string) {
  let serverCode: unknown;
  try {
    serverCode = JSON.parse(text).code;
  } catch {
    // A proxy's page, perhaps; the status says enough.
  }
  return createError(status === 401 ? 'expired' : 'refused', `The server answered HTTP ${status}`, {
    status,
    ...(typeof serverCode === 'number' && { serverCode }),
  });
}
