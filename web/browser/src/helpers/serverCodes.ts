/** ERROR_AUTHENTICATION_CLIENT_FAILURE: what a browser says when Mobile Auth failed on its side. */
export const clientFailure = 10002;

/** ERROR_NO_DEVICE: the server does not know this device, or no longer. */
export const noDevice = 10006;
