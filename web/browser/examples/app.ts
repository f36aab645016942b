// Type-checked against dist/ by `npm run check`, as an app sees the package. The example of README.md, in full.
import { authenticate, forgetDevice, isCountersignError, isMobile, type OtpRequest } from '../dist/countersign.js';

declare function startOnMyBackEnd(flow: 'mobile' | 'desktop'): Promise<string>;
declare function askMyBackEnd(): Promise<void>;
declare function showForm(request: OtpRequest): Promise<{ code: string } | { resend: true } | null>;
declare function show(text: string): void;
declare const resendButton: HTMLButtonElement;
declare const leaveButton: HTMLButtonElement;
declare const forgetButton: HTMLButtonElement;

// On a shared computer: the next flow begins as on a first visit. The server may be out of reach; the key is gone from here in any case.
forgetButton.onclick = () => forgetDevice().catch(() => show('Forgotten here. The server could not be told.'));

const leaving = new AbortController();
leaveButton.onclick = () => leaving.abort();

try {
  await authenticate(await startOnMyBackEnd(isMobile() ? 'mobile' : 'desktop'), {
    otp: (request) => {
      if (request.error?.code === 'wrong_code') show('That was not the code. Try again.');
      return showForm(request);
    },
    instantLink: ({ resend, signal }) => {
      show('Open the link we sent to your phone.');
      resendButton.addEventListener('click', () => void resend().catch(() => show('That did not work. Try again.')), { signal });
    },
    onMatchCode: (digits) => show(`On your phone, type ${digits}.`),
    onFinish: askMyBackEnd,
    signal: leaving.signal,
  });
} catch (error) {
  if (isCountersignError(error) && error.code === 'expired') show('That took too long. Start again.');
  else if (!leaving.signal.aborted) show('That did not work.');
}
