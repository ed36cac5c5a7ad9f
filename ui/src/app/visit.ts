import { useEffect, useRef } from 'preact/hooks';
import { announce } from './announce';

export const MAIN = 'main';

export function focusMain(): void {
  document.getElementById(MAIN)?.focus({ preventScroll: true });
}

/** When the reader comes to another page, the focus goes to it, so that Tab and reading go on there. */
export function useFocusOnVisit(page: string): void {
  const before = useRef(page);
  useEffect(() => {
    if (before.current === page) return;
    before.current = page;
    // A place within the page, which takes the focus itself.
    if (!window.location.hash) focusMain();
  }, [page]);
}

/** Says the title of the page whenever it changes: nothing else tells those who do not see that another page came. */
export function announceTitles(): void {
  let said = document.title;
  const watch = new MutationObserver(() => {
    if (document.title === said) return;
    const first = said === '';
    said = document.title;
    if (!first) announce(said.replace(/ · Spoor$/, ''));
  });
  watch.observe(document.head, { subtree: true, childList: true, characterData: true });
}
