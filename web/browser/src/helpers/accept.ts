import { createError } from './createError.js';
import type { Answer } from './readAnswer.js';

/** Returns an answer that says where to go; throws when it ends the flow with an error, or says nothing. */
export function accept(answer: Answer): Answer & { next: string } {
  const { next, error } = answer;
  if (error && !next) {
    throw createError('refused', error.message ?? 'The server refused', { ...(error.code !== undefined && { serverCode: error.code }) });
  }
  if (typeof next !== 'string') throw createError('protocol', 'The answer of the server names no next step');
  return { ...answer, next };
}
