import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { CopyButton } from '../controls/copy_button';
import { Icon } from '../controls/icon';
import { GoTo } from './go_to';
import { useCommands } from './keys/command';
import { here, href } from './location';
import { pinned } from './pinned';
import { ZoneMenu } from './zone_menu';

interface Props {
  /** The title, an h1, and what belongs to it. */
  children: ComponentChildren;
  /** The page's own buttons; they stand before those of every page. */
  actions?: ComponentChildren;
  /**
   * The place that "Copy link" copies, where it is not the address as it stands. Either way a range like "the last
   * hour" becomes the range that the reader saw.
   */
  link?: (() => string) | undefined;
}

/** The bar on top of every page: its title, its actions, and Copy link, Go to and the time zone. */
export function TopBar({ children, actions, link }: Props) {
  const copy = useRef<HTMLButtonElement>(null);
  useCommands(
    () => ({
      layer: 'page',
      commands: [
        {
          id: 'copy-link',
          group: 'This page',
          words: 'Copy link',
          keys: ['y'],
          run: () => copy.current?.click(),
        },
      ],
    }),
    [],
  );
  const address = () => {
    const { path, parameters, since } = here.value;
    return new URL(href(pinned(link?.() ?? `${path}?${parameters}`, since)), location.href).href;
  };
  return (
    <header class="topbar">
      {children}
      <div class="acts-of-page">
        {actions}
        <CopyButton class="btn sm copy-link" text={address} buttonRef={copy}>
          <Icon name="link" />
          Copy link
        </CopyButton>
        <GoTo />
        <ZoneMenu />
      </div>
    </header>
  );
}
