import { useState } from 'preact/hooks';
import { readStored, store } from '../app/stored';

/** Whether the reader has folded the picture away, in this or an earlier visit. */
export function useHidden(): [hidden: boolean, hide: (hidden: boolean) => void] {
  const [hidden, setHidden] = useState(() => readStored('overview') === 'hidden');
  const hide = (chosen: boolean) => {
    setHidden(chosen);
    store('overview', chosen ? 'hidden' : 'shown');
  };
  return [hidden, hide];
}
