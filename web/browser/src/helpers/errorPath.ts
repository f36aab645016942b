/** Where the failure of a step is reported. A step that is not in the table cannot be reported. */
const paths: Record<string, string> = {
  'device/passive': 'device/passive',
  'device/passive/silent': 'device/passive',
  'device/passive/register': 'device/fido2',
  'device/passive/verify': 'device/fido2',
  'device/passive/stepup': 'device/fido2',
  'redirect/exchange': 'device/universal',
  'redirect/finish': 'device/universal',
  'mobile/instant': 'mobile/instant',
  'mobile/instantlink': 'mobile/instantlink',
  'mobile/otp': 'mobile/otp',
  'user/present': 'user/mobileactive',
  'user/ppb/register': 'user/ppb',
  'user/ppb/verify': 'user/ppb',
  'user/docv': 'user/docv',
};

export function errorPath(step: string): string | undefined {
  return Object.hasOwn(paths, step) ? `${paths[step]}/error` : undefined;
}
