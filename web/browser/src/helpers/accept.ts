import { createError } from './createError.js';
import type { Answer } from './readAnswer.js';

/** Returns an answer that says where to go; throws when it ends the flow with an error, or says nothing. */
export function accept(answer: Answer): Answer & { next: string } {
  const { next, error } = answer;
  if (error && !next) throw refusal(error);
  if (typeof next !== 'string') throw createError('protocol', 'The answer of the server names no next step');
  return { ...answer, next };
}

export function refusal({ code, message = 'The server refused' }: NonNullable<Answer['error']>) {
  return createError('refused', message, { ...(code !== undefined && { serverCode: code }) });
}
