/** An auth token as the server makes them, with the claims a test cares about changed. */
export function authToken({ auth = {}, ...claims }: { auth?: object; matchCode?: string } = {}): string {
  const payload = {
    rid: 'request-1',
    ...claims,
    auth: {
      id: 'auth-1',
      ans: 'space',
      endp: 'https://id.example.com',
      chlg: 'challenge',
      next: 'mobile/instant',
      subs: { mob: { auths: { inst: {}, otp: { mnp: true }, inln: { mnp: true } } } },
      ...auth,
    },
  };
  return ['e30', Buffer.from(JSON.stringify(payload)).toString('base64url'), 'c2ln'].join('.');
}
