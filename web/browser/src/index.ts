export { authenticate } from './authenticate.js';
export { forgetDevice } from './forgetDevice.js';
export { isCountersignError } from './helpers/isCountersignError.js';
export { isMobile } from './helpers/isMobile.js';
export { resume } from './resume.js';
export type {
  Authenticated,
  AuthenticateOptions,
  Awaitable,
  CountersignError,
  ErrorCode,
  ForgetDeviceOptions,
  InputError,
  InputErrorCode,
  InstantLinkAnswer,
  InstantLinkRequest,
  MobileAuthOptions,
  OtpAnswer,
  OtpRequest,
} from './types.js';
