export { authenticate } from './authenticate.js';
export { isCountersignError } from './helpers/isCountersignError.js';
export { isMobile } from './helpers/isMobile.js';
export type {
  Authenticated,
  AuthenticateOptions,
  Awaitable,
  CountersignError,
  ErrorCode,
  InputError,
  InputErrorCode,
  InstantLinkAnswer,
  InstantLinkRequest,
  OtpAnswer,
  OtpRequest,
} from './types.js';
