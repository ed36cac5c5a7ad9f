import { ChoiceMenu } from '../controls/choice_menu';
import { ThemeIcon } from '../controls/icon';
import { chooseTheme, theme, type Theme } from './theme';

export const THEMES: readonly [Theme, string][] = [
  ['light', 'Light'],
  ['dark', 'Dark'],
  ['system', 'As the system'],
];

export function ThemeMenu() {
  return (
    <li>
      <ChoiceMenu label="Theme" value={theme.value} choices={THEMES} onChoose={chooseTheme}>
        <ThemeIcon />
        Theme
      </ChoiceMenu>
    </li>
  );
}
