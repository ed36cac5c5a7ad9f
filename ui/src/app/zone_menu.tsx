import { ChoiceMenu } from '../controls/choice_menu';
import { Icon } from '../controls/icon';
import { chooseZone, zone, type Zone } from '../format/zone';

export const ZONES: readonly [Zone, string][] = [
  ['utc', 'UTC'],
  ['local', 'Local time'],
];

/** In whose clock all pages tell times. */
export function ZoneMenu() {
  return (
    <ChoiceMenu label="Time zone" value={zone.value} choices={ZONES} onChoose={chooseZone} class="btn sm zone">
      <span class="sr">Times in</span>
      {zone.value === 'utc' ? 'UTC' : 'Local'}
      <Icon name="down" size={12} class="wide" />
    </ChoiceMenu>
  );
}
