import { createError } from '../helpers/createError.js';
import { createDevice, registration, sign } from '../helpers/deviceKey.js';
import { describeBrowser } from '../helpers/describeBrowser.js';
import { findDevice, saveDevice, type Device } from '../helpers/deviceStore.js';
import { hasWebAuthn } from '../helpers/hasWebAuthn.js';
import type { Answer } from '../helpers/readAnswer.js';
import type { StepContext } from '../step.js';

/** A browser that the server does not know may be asked for a passkey first; all others are recognized silently. */
export async function deviceKeyOrPasskey(context: StepContext): Promise<string> {
  const { deviceId } = await thisDevice(context);
  if (deviceId || context.passkeyOptions || !context.token.wantsPasskey || !hasWebAuthn()) return deviceKey(context);

  context.passkeyOptions = {};
  const { next, data } = await context.call('device/fido2/start', { signals: {}, deviceId: null });
  if (data) context.passkeyOptions = data;
  return next!;
}

/** Registers a key of this browser at the first visit, and proves at later ones that it is still there. Nobody is asked. */
export async function deviceKey(context: StepContext): Promise<string> {
  const { call, token } = context;
  const device = await thisDevice(context);
  const { deviceId, keyId } = device;
  if (deviceId) {
    const signature = await sign(device, `${deviceId}:${token.challenge}`);
    return (await call('device/passive/verify', { deviceId, keyId, signature, signals: {} })).next!;
  }

  const registrations = [await registration(device, token.challenge)];
  return keepDevice(context, device, await call('device/passive/register', { ...describeBrowser(), registrations, signals: {} }));
}

/** Stores the id by which the server knows the key from now on, and goes on. */
export async function keepDevice(context: StepContext, device: Device, { next, data, error }: Answer): Promise<string> {
  if (!error) {
    if (!data?.deviceId) throw createError('protocol', 'The server gave the device no id');
    context.device = { ...device, deviceId: data.deviceId };
    await saveDevice(context.device);
  }
  return next!;
}

/** The device as it is stored, or else a new one. */
export async function thisDevice(context: StepContext): Promise<Device> {
  const { token } = context;
  const stored = context.device ?? (await findDevice(token.namespace));
  // No server is shown the key of another. A key without an id was left by a flow that broke off: nobody knows what became of it.
  const isKnown = stored?.endpoint === token.origin && (stored.deviceId || stored === context.device);
  return (context.device = isKnown ? stored : await createDevice(token));
}
