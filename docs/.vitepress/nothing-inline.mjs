import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPT = /<script((?: [^>]*)?)>([^<]+)<\/script>/g;
/** Inline styles that the theme writes into tags and that its code sets anyway (theme/guide.css sets the others). */
const STYLE = / style="(?:--vp-vh:0px|position:relative);"/g;

/**
 * Returns the page with its inline scripts moved into asset files, and without the theme's inline styles: the service's
 * policy allows only files.
 * @param base the path at which the site is served.
 * @param assets the folder for assets; it is created if it does not exist.
 */
export function nothingInline(html, base, assets) {
  return html.replace(STYLE, '').replace(SCRIPT, (_, attributes, code) => {
    const name = `inline.${createHash('sha256').update(code).digest('hex').slice(0, 8)}.js`;
    mkdirSync(assets, { recursive: true });
    writeFileSync(join(assets, name), code);
    return `<script${attributes} src="${base}assets/${name}"></script>`;
  });
}
