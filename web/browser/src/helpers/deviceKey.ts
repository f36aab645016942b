import { toBase64 } from './base64.js';
import { saveDevice, type Device } from './deviceStore.js';
import { onDevice } from './onDevice.js';
import type { AuthToken } from './readToken.js';
import { toDer } from './toDer.js';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** Makes a key and stores it. The server learns of it only then, so that it knows no key that the browser could not keep. */
export async function createDevice({ namespace, origin }: AuthToken): Promise<Device> {
  const device = await onDevice(async () => ({
    namespace,
    keys: await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify']),
    keyId: crypto.randomUUID(),
    endpoint: origin,
    createdAt: Date.now(),
  }));
  await saveDevice(device);
  return device;
}

/** Base64 of a DER signature over the text. */
export function sign({ keys }: Device, text: string): Promise<string> {
  return onDevice(async () => {
    const signature = await crypto.subtle.sign(algorithm, keys.privateKey, new TextEncoder().encode(text));
    return toBase64(toDer(new Uint8Array(signature)));
  });
}

/** What makes a key known to the server: its public half, and the proof that the private one is here. */
export async function registration(device: Device, challenge: string): Promise<object> {
  const spki = await onDevice(() => crypto.subtle.exportKey('spki', device.keys.publicKey));
  return {
    publicKey: {
      id: device.keyId,
      alg: 'ES256',
      key: `-----BEGIN PUBLIC KEY-----\n${toBase64(spki)}\n-----END PUBLIC KEY-----`,
      uvLevel: 0,
    },
    signature: await sign(device, challenge),
  };
}
