import { chooseZone } from '../format/zone';
import { openDialog } from './dialogs';
import { GO_TO_KEY } from './go_to';
import { addCommands, type Command } from './keys/command';
import { lastSearch, navigate } from './location';
import { chooseTheme } from './theme';

const go = (page: string, key: string, place: () => string): Command => ({
  id: `go-${key}`,
  group: 'Go to',
  words: `Go to ${page}`,
  keys: [`g ${key}`],
  run: () => navigate(place()),
});
const choose = (id: string, words: string, run: () => void): Command => ({
  id,
  group: 'Settings',
  words,
  keys: [],
  run,
});

const COMMANDS: readonly Command[] = [
  {
    id: 'palette',
    group: 'Go to',
    words: 'Go to a page, a service, a trace id, or a command',
    keys: [GO_TO_KEY],
    run: () => (openDialog.value = 'palette'),
    onlyByKey: true,
    inFields: true,
  },
  go('search', 's', () => lastSearch.value),
  go('services', 'v', () => '/services'),
  go('map', 'm', () => '/map'),
  go('status', 't', () => '/status'),
  go('learn', 'l', () => '/learn'),
  { id: 'keys', group: 'Help', words: 'Show all keys', keys: ['?'], run: () => (openDialog.value = 'keys') },
  choose('theme-light', 'Use the light theme', () => chooseTheme('light')),
  choose('theme-dark', 'Use the dark theme', () => chooseTheme('dark')),
  choose('theme-system', 'Use the theme of the system', () => chooseTheme('system')),
  choose('zone-utc', 'Show times in UTC', () => chooseZone('utc')),
  choose('zone-local', 'Show times in local time', () => chooseZone('local')),
];

/** What works on every page. */
export function addShellCommands(): void {
  addCommands({ layer: 'app', commands: COMMANDS });
}
