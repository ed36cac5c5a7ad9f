import type { ComponentType } from 'preact';
import { useState, useLayoutEffect } from 'preact/hooks';

type Load<P> = () => Promise<{ default: ComponentType<P> }>;

/**
 * A component whose code is loaded when it is first shown, so that the first page does not pay for it. Once loaded it
 * is there at once.
 */
export function lazyPage<P extends object>(load: Load<P>): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function LazyPage(properties: P) {
    const [, show] = useState(() => loaded);
    const [failed, setFailed] = useState(false);
    useLayoutEffect(() => {
      if (loaded) return;
      let wanted = true;
      load()
        .then((module) => {
          loaded = module.default;
          if (wanted) show(() => loaded);
        })
        .catch(() => wanted && setFailed(true));
      return () => {
        wanted = false;
      };
    }, []);
    if (loaded) {
      const Loaded = loaded;
      return <Loaded {...properties} />;
    }
    if (!failed) return null;
    return (
      <div class="state" role="alert">
        <h2>This page could not be loaded</h2>
        <p>The server did not send its code. It may have been replaced by another version meanwhile.</p>
        <button type="button" class="btn sm line" onClick={() => window.location.reload()}>
          Load again
        </button>
      </div>
    );
  };
}
