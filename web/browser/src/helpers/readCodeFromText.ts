/**
 * WebOTP: resolves with the code when the browser offers the text's code and the person agrees; never settles otherwise.
 * The text must end with `@host #code`, which the server appends where a web host is set.
 */
export function readCodeFromText(signal: AbortSignal): Promise<string> {
  return new Promise((resolve) => {
    if (!('OTPCredential' in globalThis)) return;
    const request = { otp: { transport: ['sms'] }, signal } as CredentialRequestOptions;
    navigator.credentials?.get(request).then(
      (credential) => credential && resolve((credential as Credential & { code: string }).code),
      () => {}, // Declined, timed out or aborted: the person types it.
    );
  });
}
