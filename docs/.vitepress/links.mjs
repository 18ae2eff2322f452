import { dirname, join, relative } from 'node:path';

/** Returns the anchor that a Git host gives a heading. Pages link to these anchors, on the host and here. */
export function anchorOf(heading) {
  const plain = heading.trim().toLowerCase();
  return plain.replace(/[^\p{L}\p{N}\p{M}_ -]/gu, '').replaceAll(' ', '-');
}

/**
 * Adapts links written for a Git host. A link to docs/README.md leads to the first page. A link out of docs/ has
 * no page here: its text stays, with the path in the repository as its tooltip.
 * @param md VitePress's markdown-it.
 */
export function linksOfTheRepository(md) {
  const open = md.renderer.rules.link_open;
  const close = md.renderer.rules.link_close;
  const outside = new WeakSet();
  md.renderer.rules.link_open = (tokens, index, options, env, self) => {
    const href = tokens[index].attrGet('href') ?? '';
    const place = placeOutside(href, env.relativePath);
    if (place === undefined) {
      tokens[index].attrSet('href', href.replace(/^((?:\.\.\/)*)README\.md(?=#|$)/, '$1index.md'));
      return open(tokens, index, options, env, self);
    }
    outside.add(closeOf(tokens, index));
    return `<span class="in-repository" title="${md.utils.escapeHtml(place)} in the repository">`;
  };
  md.renderer.rules.link_close = (tokens, index, options, env, self) => {
    if (outside.has(tokens[index])) return '</span>';
    return close
      ? close(tokens, index, options, env, self)
      : self.renderToken(tokens, index, options);
  };
}

/** Returns the path from the root of the repository if the link leads out of docs/, else undefined. */
function placeOutside(href, page) {
  if (/^([a-z][a-z0-9+.-]*:|#|\/)/i.test(href)) return undefined;
  const path = join('docs', dirname(page), href.replace(/#.*$/, ''));
  return relative('docs', path).startsWith('..') ? path : undefined;
}

const closeOf = (tokens, index) => tokens.slice(index).find(({ type }) => type === 'link_close');
