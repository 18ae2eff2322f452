import theme from 'vitepress/theme-without-fonts';
import { h } from 'vue';

import './guide.css';

/** What the same service serves beside the guide. These are not pages of the site, so the browser must load them. */
const BESIDE = [
  ['/docs', 'API'],
  ['/console/', 'Console'],
];

const links = (className) => () =>
  h(
    'nav',
    { class: className, 'aria-label': 'Beside the guide' },
    BESIDE.map(([href, text]) => h('a', { href, target: '_self' }, text)),
  );

export default {
  extends: theme,
  Layout: () =>
    h(theme.Layout, null, {
      'nav-bar-content-after': links('beside'),
      'nav-screen-content-after': links('beside-on-small'),
    }),
};
