import type { Returned } from './helpers/away.js';
import type { Device } from './helpers/deviceStore.js';
import type { Answer, AnswerData } from './helpers/readAnswer.js';
import type { AuthToken } from './helpers/readToken.js';
import type { AuthenticateOptions } from './types.js';

export interface StepContext {
  readonly token: AuthToken;
  readonly options: AuthenticateOptions;
  readonly signal: AbortSignal;
  /** Posts to the server. Throws when it ends the flow, so that an answer with `error` always has a `next`. */
  readonly call: (path: string, body: object) => Promise<Answer>;
  /** What the page came back with from the operator. Set once in a flow, and taken by the step that sent it there. */
  returned?: Returned | undefined;
  readonly showMatchCode: (digits: string | undefined) => void;
  /** Set by the device steps: only a flow that has asked for the device signs with its key. */
  device?: Device | undefined;
  /** What the server wants of a passkey. Set once in a flow: a person who refuses is not asked again. */
  passkeyOptions?: AnswerData;
}

/** Runs one step and returns the name of the next. */
export type Step = (context: StepContext) => Promise<string>;
