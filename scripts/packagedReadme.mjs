// The README as the extension's page shows it. That page has no files beside it and opens no relative
// link: pictures go in as data, and the documents that the README points to follow it.
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** Documents of the repository that users are sent to. */
const appendices = ['docs/layers.md', 'docs/differences.md', 'docs/performance.md'];

/**
 * @param {string} root the repository's folder
 * @returns {string} Markdown whose every link is an anchor in it or an address on the web
 */
export function packagedReadme(root) {
  const read = (name) => readFileSync(path.join(root, name), 'utf8');
  const parts = [
    adapt(root, 'README.md', read('README.md')),
    ...appendices.map(
      (name) => `<a id="${anchorOf(name)}"></a>\n\n${adapt(root, name, lowerHeadings(read(name)))}`,
    ),
  ];
  return parts.join('\n\n');
}

/** The documents are chapters of one page here. */
function lowerHeadings(markdown) {
  return outsideCode(markdown, (text) => text.replace(/^#/gm, '##'));
}

function anchorOf(name) {
  return name.replace(/[^a-z]+/gi, '-').toLowerCase();
}

function adapt(root, name, markdown) {
  const folder = path.posix.dirname(name);
  return outsideCode(markdown, (text) =>
    text
      .replace(/!\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, alt, target) =>
        isAbsolute(target) ? whole : `![${alt}](${pictureData(root, folder, target)})`,
      )
      .replace(/(?<!!)\[((?:[^\][]|`[^`]*`)+)\]\(([^)\s]+)\)/g, (whole, words, target) => {
        if (isAbsolute(target) || target.startsWith('#')) return whole;
        const [file = ''] = path.posix.join(folder, target).split('#');
        if (file === 'README.md') return words;
        // What is for those who build the extension is not in the package.
        return appendices.includes(file) ? `[${words}](#${anchorOf(file)})` : words;
      }),
  );
}

function isAbsolute(target) {
  return /^[a-z]+:/i.test(target);
}

function pictureData(root, folder, target) {
  const kinds = { '.png': 'image/png', '.gif': 'image/gif' };
  const kind = kinds[path.extname(target)];
  if (kind === undefined) throw new Error(`The README cannot carry ${target} in a package.`);
  const bytes = readFileSync(path.join(root, folder, target));
  return `data:${kind};base64,${bytes.toString('base64')}`;
}

/** Changes Markdown but for its fenced blocks. */
function outsideCode(markdown, change) {
  return markdown
    .split(/(^```[\s\S]*?^```$)/m)
    .map((part, i) => (i % 2 === 0 ? change(part) : part))
    .join('');
}
