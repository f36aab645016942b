import { createError } from './createError.js';

/** What the server says, over HTTP and over the socket alike. */
export interface Answer {
  readonly next?: string;
  readonly data?: { readonly code?: number; readonly message?: string; readonly redirectUrl?: string } | null;
  readonly error?: { readonly code?: number; readonly message?: string } | null;
  readonly matchCode?: string;
}

export function readAnswer(text: string): Answer {
  try {
    const answer = JSON.parse(text);
    if (typeof answer === 'object' && answer) return answer;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw createError('protocol', 'The answer of the server cannot be read');
}
