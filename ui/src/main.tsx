import './style/tokens.css';
import './style/base.css';
import './style/controls.css';
import './app/shell.css';
import './search/search.css';
import './first_start/first_start.css';
import './trace/trace.css';
import './trace/waterfall/waterfall.css';
import './trace/panel/panel.css';
import { render } from 'preact';
import { openPastedTraces } from './app/go_to';
import { followLinks } from './app/location';
import { Shell } from './app/shell';
import { applyTheme } from './app/theme';

applyTheme();
followLinks();
openPastedTraces();
render(<Shell />, document.getElementById('app') as HTMLElement);
