import { fromBase64, toBase64Url } from '../helpers/base64.js';
import { createError } from '../helpers/createError.js';
import { registration } from '../helpers/deviceKey.js';
import { describeBrowser } from '../helpers/describeBrowser.js';
import type { CreationOptions, RequestOptions } from '../helpers/readAnswer.js';
import type { StepContext } from '../step.js';
import { keepDevice, thisDevice } from './device.js';

/** The person makes a passkey, or uses the one that is there; a device key is registered beside it, for the visits to come. */
export async function passkey(context: StepContext): Promise<string> {
  const { call, token } = context;
  const device = await thisDevice(context);
  const { webAuthnCredential, webAuthnAssertion } = await askForPasskey(context);
  const key = await registration(device, token.challenge);

  const answer = webAuthnCredential
    ? call('device/fido2/register/finish', { ...describeBrowser(), registrations: [{ webAuthnCredential }, key] })
    : call('device/fido2/verify/finish', { webAuthnAssertion, ...describeBrowser(), registrations: [{ ...key, signals: {} }] });
  return keepDevice(context, device, await answer);
}

async function askForPasskey(
  { passkeyOptions = {}, signal }: StepContext,
): Promise<{ webAuthnCredential?: object; webAuthnAssertion?: object }> {
  const { credCreateOptions, credRequestOptions } = passkeyOptions;
  if (!credCreateOptions && !credRequestOptions) throw createError('protocol', 'No options for a passkey');
  try {
    if (credCreateOptions) {
      try {
        const made = await navigator.credentials.create({ publicKey: creationOptions(credCreateOptions), signal });
        return { webAuthnCredential: inText(made, ['attestationObject', 'clientDataJSON']) };
      } catch (error) {
        // WebAuthn: the authenticator holds a passkey of this person already.
        if ((error as Error).name !== 'InvalidStateError' || !credRequestOptions) throw error;
      }
    }
    const used = await navigator.credentials.get({ publicKey: requestOptions(credRequestOptions!), signal });
    return { webAuthnAssertion: inText(used, ['authenticatorData', 'clientDataJSON', 'signature', 'userHandle']) };
  } catch (error) {
    throw createError('gave_up', `No passkey: ${(error as Error).name}`);
  }
}

function creationOptions({ challenge, user, excludeCredentials = [], ...rest }: CreationOptions) {
  return {
    ...rest,
    challenge: fromBase64(challenge),
    user: withBinaryId(user),
    excludeCredentials: excludeCredentials.map(withBinaryId),
  } as PublicKeyCredentialCreationOptions;
}

function requestOptions({ challenge, allowCredentials = [], ...rest }: RequestOptions) {
  return {
    ...rest,
    challenge: fromBase64(challenge),
    allowCredentials: allowCredentials.map(withBinaryId),
  } as PublicKeyCredentialRequestOptions;
}

function withBinaryId<T extends { id: string }>(named: T) {
  return { ...named, id: fromBase64(named.id) };
}

/** A credential as JSON. `toJSON` is missing from browsers still in use. */
function inText(credential: Credential | null, fields: string[]): object {
  const { type, id, rawId, response } = credential as PublicKeyCredential & { response: Record<string, ArrayBuffer | null> };
  const binary = fields.flatMap((field) => (response[field] ? [[field, toBase64Url(response[field])]] : []));
  return { type, id, rawId: toBase64Url(rawId), response: Object.fromEntries(binary) };
}
