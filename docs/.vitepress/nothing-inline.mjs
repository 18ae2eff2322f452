import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPT = /<script((?: [^>]*)?)>([^<]+)<\/script>/g;
/** What the theme writes into tags: the styles that its code sets anyway (theme/guide.css has what it does not). */
const STYLE = / style="(?:--vp-vh:0px|position:relative);"/g;

/**
 * The page with its inline scripts moved into files of the assets, and without the theme's inline styles: the service's
 * policy takes files alone.
 * @param base where the site is served.
 * @param assets the folder of the assets; it is made if it isn't there.
 */
export function nothingInline(html, base, assets) {
  return html.replace(STYLE, '').replace(SCRIPT, (_, attributes, code) => {
    const name = `inline.${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
    mkdirSync(assets, { recursive: true });
    writeFileSync(join(assets, name), code);
    return `<script${attributes} src="${base}assets/${name}"></script>`;
  });
}
