/** Whether this browser runs on a phone or tablet. Use it to choose between the `mobile` and the `desktop` flow on your back end. */
export function isMobile(browser: Navigator = globalThis.navigator): boolean {
  const { userAgent = '', maxTouchPoints = 0 } = browser ?? {};
  return (
    /Mobi|Android|webOS|iPhone|iPad|BlackBerry|Opera Mini/i.test(userAgent) ||
    // An iPad says that it is a Mac; no Mac has a touch screen.
    (/Macintosh/.test(userAgent) && maxTouchPoints > 1)
  );
}
