import { abortable } from './helpers/abortable.js';
import { refusal } from './helpers/accept.js';
import { allDevices, removeAllDevices, type Device } from './helpers/deviceStore.js';
import { post, type PostOptions } from './helpers/post.js';
import { noDevice } from './helpers/serverCodes.js';
import { signatureHeaders } from './helpers/signatureHeaders.js';
import type { CountersignError, ForgetDeviceOptions } from './types.js';

/**
 * Tells the servers that know this browser's device keys to forget them, and removes all that `authenticate` has stored in it. Needs no
 * auth token. Rejects with a `CountersignError` when a server could not be told, and with the signal's reason when aborted; the keys are
 * gone from the browser then, too. A passkey stays until the person removes it in the settings of the device.
 */
export async function forgetDevice(options: ForgetDeviceOptions = {}): Promise<void> {
  const { fetch, signal = new AbortController().signal } = options;
  const devices = await allDevices();
  try {
    // All are told, also when one of their servers does not answer.
    const told = await abortable(Promise.allSettled(devices.map((device) => unregister(device, { fetch, signal }))), signal);
    for (const result of told) if (result.status === 'rejected') throw result.reason;
  } finally {
    await removeAllDevices();
  }
}

async function unregister(device: Device, options: PostOptions): Promise<void> {
  // Never registered: no server knows the key.
  if (!device.deviceId) return;
  const server = { origin: device.endpoint };
  const path = 'device/unregister';
  const body = { deviceId: device.deviceId };
  try {
    const headers = await signatureHeaders(server, device, path, body, options);
    const { error } = await post(server, path, body, { ...options, headers });
    if (error) throw refusal(error);
  } catch (failure) {
    if ((failure as CountersignError).serverCode !== noDevice) throw failure;
  }
}
