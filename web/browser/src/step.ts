import type { AuthToken } from './helpers/readToken.js';
import type { Answer } from './helpers/readAnswer.js';
import type { AuthenticateOptions } from './types.js';

export interface StepContext {
  readonly token: AuthToken;
  readonly options: AuthenticateOptions;
  readonly signal: AbortSignal;
  /** Posts to the server. Throws when it ends the flow, so that an answer with `error` always has a `next`. */
  readonly call: (path: string, body: object) => Promise<Answer>;
  readonly showMatchCode: (digits: string | undefined) => void;
}

/** Runs one step and returns the name of the next. */
export type Step = (context: StepContext) => Promise<string>;
