import { createError } from './createError.js';
import { readAnswer, type Answer } from './readAnswer.js';
import { version } from './version.js';

export interface Server {
  readonly origin: string;
  /** The auth token; without it the request carries none. */
  readonly text?: string;
}

export interface PostOptions {
  readonly fetch: typeof globalThis.fetch | undefined;
  readonly signal?: AbortSignal;
  /** Lets the request outlive the page. */
  readonly keepalive?: boolean;
  readonly headers?: Record<string, string> | undefined;
}

export async function post(server: Server, path: string, body: object, options: PostOptions): Promise<Answer> {
  // Called as a plain function: a browser's fetch refuses any other `this`.
  const { fetch = globalThis.fetch, headers, ...rest } = options;
  let status: number;
  let text: string;
  try {
    const response = await fetch(`${server.origin}/v1/client/${path}`, {
      ...rest,
      method: 'POST',
      credentials: 'omit',
      headers: {
        Accept: 'application/json',
        'Content-Type': 'application/json',
        'PA-Version': `Countersign/${version} WEB/1`,
        ...(server.text && { Authorization: `Bearer ${server.text}` }),
        ...headers,
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
