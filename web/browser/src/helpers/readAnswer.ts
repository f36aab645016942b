import { createError } from './createError.js';

/** What the server says, over HTTP and over the socket alike. */
export interface Answer {
  readonly next?: string;
  readonly data?: AnswerData | null;
  readonly error?: { readonly code?: number; readonly message?: string } | null;
  readonly matchCode?: string;
  /** To be signed by a device. */
  readonly challenge?: string;
}

export interface AnswerData {
  readonly code?: number;
  readonly message?: string;
  readonly redirectUrl?: string;
  readonly deviceId?: string;
  readonly credCreateOptions?: CreationOptions;
  readonly credRequestOptions?: RequestOptions;
}

/** What WebAuthn takes, with base64url for what is binary there. Extensions have forms of their own and pass as they are. */
export type CreationOptions = Omit<PublicKeyCredentialCreationOptionsJSON, 'extensions'>;
export type RequestOptions = Omit<PublicKeyCredentialRequestOptionsJSON, 'extensions'>;

export function readAnswer(text: string): Answer {
  try {
    const answer = JSON.parse(text);
    if (typeof answer === 'object' && answer) return answer;
  } catch {
    // Said below, together with JSON that is no object.
  }
  throw createError('protocol', 'The answer of the server cannot be read');
}
