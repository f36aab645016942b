import type { CountersignError, ErrorCode } from '../types.js';

export function createError(code: ErrorCode, message: string, details: { serverCode?: number; status?: number } = {}): CountersignError {
  return Object.assign(new Error(message), { name: 'CountersignError' as const, code, ...details });
}
