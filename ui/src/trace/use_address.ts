import { effect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { here, replace } from '../app/location';
import type { Session } from './session';

/** Browsers refuse addresses that change too often; a drag or a held key settles first. */
const SETTLE = 200;

/** Keeps the address saying what the page shows, and follows an address that came from elsewhere. */
export function useAddress(session: Session): void {
  useEffect(() => {
    let written = here.peek().parameters.toString();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const write = effect(() => {
      const address = session.address();
      clearTimeout(timer);
      timer = setTimeout(() => {
        written = new URL(address, 'http://any').searchParams.toString();
        if (written !== here.peek().parameters.toString()) replace(address);
      }, SETTLE);
    });
    const follow = effect(() => {
      const { parameters, path } = here.value;
      if (!path.endsWith(session.trace.id) || parameters.toString() === written) return;
      written = parameters.toString();
      session.read(parameters);
    });
    return () => {
      clearTimeout(timer);
      write();
      follow();
    };
  }, [session]);
}
