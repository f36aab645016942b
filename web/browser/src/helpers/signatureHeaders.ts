import { refusal } from './accept.js';
import { createError } from './createError.js';
import { sign } from './deviceKey.js';
import type { Device } from './deviceStore.js';
import { onDevice } from './onDevice.js';
import { post, type PostOptions, type Server } from './post.js';

/** Client protocol, signed requests version 3: proves that a request with this body comes from the device. */
export async function signatureHeaders(
  server: Server,
  device: Device,
  path: string,
  body: object,
  options: PostOptions,
): Promise<Record<string, string>> {
  const { challenge, error } = await post(server, 'challenge', { deviceId: device.deviceId }, options);
  if (error) throw refusal(error);
  if (!challenge) throw createError('protocol', 'No challenge to sign');

  const hash = await onDevice(() => crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(body))));
  const hex = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return {
    'PA-Sig-Version': '3',
    'PA-Challenge': challenge,
    'PA-KID': device.keyId,
    // The empty line is the query.
    'PA-Signature': await sign(device, `POST\n/v1/client/${path}\n\napplication/json\n${challenge}\n${hex}`),
  };
}
