import { hasWebAuthn } from './hasWebAuthn.js';

/** What a registration says of the browser: the name of its system and no more. */
export function describeBrowser() {
  const { userAgentData, platform } = (globalThis.navigator ?? {}) as Partial<Navigator> & { userAgentData?: { platform: string } };
  return {
    deviceName: userAgentData?.platform || platform || 'Browser',
    deviceCapabilities: hasWebAuthn() ? ['webauthn'] : [],
  };
}
