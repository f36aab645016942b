import type { CountersignError } from '../types.js';

/** Whether a rejection of `authenticate` came from the SDK: not an abort, and not something one of your callbacks threw. */
export function isCountersignError(error: unknown): error is CountersignError {
  return error instanceof Error && error.name === 'CountersignError';
}
