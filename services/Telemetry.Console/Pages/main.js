import { html, render } from './shared/ui.js';
import { useLocation } from './shared/location.js';
import { pageOf } from './pages.js';
import { Shell } from './parts/shell.js';

function Console() {
  const { path } = useLocation();
  const { page, ...rest } = pageOf(path);
  return html`<${Shell} page=${page}><${page.view} key=${path} ...${rest} /><//>`;
}

render(html`<${Console} />`, document.getElementById('app'));
