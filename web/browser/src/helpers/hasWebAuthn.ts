export function hasWebAuthn(): boolean {
  return 'PublicKeyCredential' in globalThis;
}
