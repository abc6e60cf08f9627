// Packs the extension for one platform: `npm run package [-- --target linux-arm64]`.
//
// Only what is listed here is packed: files are copied to build/vsix/ and vsce packs that folder, so
// that nothing comes along because it happened to lie around.
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createVSIX } from '@vscode/vsce';
import { packagedReadme } from './packagedReadme.mjs';
import { zipEntries } from './zipEntries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const staging = path.join(root, 'build/vsix');
const runtime = 'onnxruntime-node';
/** Loaded from their own files at run time, each only by nets that need it. */
const readers = ['sharp', 'classic-level', 'h5wasm'];

/** Files of the repository that are packed under the same name. */
const allowed = [
  /^(README|CHANGELOG)\.md$/,
  /^LICENSE$/,
  /^language-configuration\.json$/,
  /^syntaxes\/[^/]+\.json$/,
  /^media\/[^/]+\.(png|svg|md)$/,
  /^docs\/images\/[^/]+\.(png|gif|svg)$/,
  /^dist\/(cli|engine|extension)\.js$/,
  /^dist\/webview[^/]*\.(js|css)$/,
  /^dist\/webview\/[^/]+\.(js|css|ttf|woff2)$/,
  /^examples\/mnist\/(?!quantized\.)[^/]+\.(md|prototxt|caffemodel)$/,
  /^examples\/mnist\/[^/]+_lmdb\/data\.mdb$/,
];
/** What the extension cannot do without: a build that failed must not become a package. */
const required = ['dist/cli.js', 'dist/engine.js', 'dist/extension.js'];
/** What a package needs of a dependency at run time, licence included. */
const runtimeFile = /(\.(js|cjs|mjs|json)|^licen[cs]e[^/]*)$/i;
/** What is in those packages for their makers, or for loaders that are not used here. */
const unused =
  /(^|\/)(tests?|esm|iife|deps|src)\/|\.test\.js$|(^|\/)tsconfig\.json$|^script\/(build|prepack)\.js$/;

function filesBelow(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .map((file) => file.split(path.sep).join('/'))
    .sort();
}

/** Packages that hold sharp's native files for a target. */
function imagePackages(target) {
  return [
    `@img/sharp-${target}`,
    ...(target.startsWith('win32') ? [] : [`@img/sharp-libvips-${target}`]),
  ];
}

/** Folders and packages by name: those that are loaded, with everything that they load. */
function runtimePackages(target) {
  const found = new Map();
  const visit = (name, from) => {
    const folder = packageFolder(name, from);
    // Where two versions are needed, one lies inside of the package that needs it: it stays there.
    const place = path.relative(path.join(root, 'node_modules'), folder).split(path.sep).join('/');
    if (found.has(place)) return;
    found.set(place, folder);
    const { dependencies = {} } = readJson(path.join(folder, 'package.json'));
    for (const dependency of Object.keys(dependencies)) visit(dependency, folder);
  };
  for (const name of [runtime, ...readers, ...imagePackages(target)]) visit(name, root);
  return found;
}

function packageFolder(name, from) {
  // With a slash, a package called like a module of Node's own (`buffer`) is looked for too.
  const places = createRequire(path.join(from, 'package.json')).resolve.paths(`${name}/`);
  const folder = places.map((place) => path.join(place, name)).find((place) => existsSync(place));
  if (!folder) {
    throw new Error(
      `${name} is not installed: run npm ci first, on (or with --os and --cpu for) the target.`,
    );
  }
  return folder;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** Everything a package for the target holds, as source file by packed name, less package.json. */
function contents(target) {
  const files = new Map();
  const take = (folder, prefix, wanted) => {
    for (const file of filesBelow(folder).filter(wanted)) {
      files.set(`${prefix}${file}`, path.join(folder, file));
    }
  };
  for (const folder of ['syntaxes', 'media', 'docs/images', 'examples/mnist']) {
    const prefix = `${folder}/`;
    take(path.join(root, folder), prefix, (file) => allowed.some((p) => p.test(prefix + file)));
  }
  const flat = (file) =>
    !file.startsWith('node_modules/') && allowed.some((p) => p.test(`dist/${file}`));
  take(path.join(root, 'dist'), 'dist/', flat);
  for (const file of ['README.md', 'CHANGELOG.md', 'LICENSE', 'language-configuration.json']) {
    files.set(file, path.join(root, file));
  }
  const binaries = `bin/napi-v6/${target.replace('-', '/')}/`;
  const prebuilt = new RegExp(`^prebuilds/${target.replace('-', '-([^/]*\\+)?')}(\\+[^/]*)?/`);
  const images = imagePackages(target);
  for (const [name, folder] of runtimePackages(target)) {
    take(folder, `dist/node_modules/${name}/`, (file) => {
      if (file.startsWith('node_modules/')) return false;
      if (file.startsWith('bin/')) return name === runtime && file.startsWith(binaries);
      if (file.startsWith('prebuilds/')) return prebuilt.test(file);
      if (images.includes(name) && /(\.(node|so|dylib|dll)(\.[\d.]+)?|^README\.md)$/.test(file)) {
        // The README of the library says under which licences its parts are.
        return true;
      }
      return runtimeFile.test(file) && !unused.test(file);
    });
  }
  const binding = `dist/node_modules/${runtime}/${binaries}onnxruntime_binding.node`;
  for (const file of [...required, binding]) {
    if (!files.has(file)) throw new Error(`There is no ${file} to pack for ${target}.`);
  }
  return files;
}

function manifest() {
  const { devDependencies, scripts, overrides, files, dependencies, ...rest } = readJson(
    path.join(root, 'package.json'),
  );
  // These name what the repository needs; the package carries its own.
  void [devDependencies, scripts, overrides, files, dependencies];
  return rest;
}

/** Packs the built extension and returns the file; throws if it holds anything unforeseen. */
export async function packExtension(target) {
  const { version, ...rest } = manifest();
  const files = contents(target);
  rmSync(staging, { recursive: true, force: true });
  for (const [name, source] of files) {
    mkdirSync(path.dirname(path.join(staging, name)), { recursive: true });
    cpSync(source, path.join(staging, name));
  }
  writeFileSync(path.join(staging, 'package.json'), JSON.stringify({ version, ...rest }, null, 2));
  writeFileSync(path.join(staging, 'README.md'), packagedReadme(root));
  // Without one, vsce warns that too much may be packed.
  writeFileSync(path.join(staging, '.vscodeignore'), '');
  const packagePath = path.join(root, `build/ristretto-${target}-${version}.vsix`);
  await createVSIX({
    cwd: staging,
    packagePath,
    target,
    // The runtime lies in dist/node_modules, not where vsce would look for dependencies.
    dependencies: false,
    allowMissingRepository: true,
    rewriteRelativeLinks: false,
  });
  check(packagePath, new Set([...files.keys(), 'package.json']));
  return packagePath;
}

/** vsce renames a few files and adds two; everything else must be what was staged. */
function check(packagePath, staged) {
  const packed = zipEntries(packagePath).map(({ name }) => name);
  const plain = (name) =>
    name
      .replace(/^extension\//, '')
      .toLowerCase()
      .replace(/^license\.txt$/, 'license');
  const wanted = new Set([...staged].map(plain));
  const own = new Set(['extension.vsixmanifest', '[content_types].xml']);
  const surplus = packed.filter((name) => !wanted.has(plain(name)) && !own.has(plain(name)));
  const names = new Set(packed.map(plain));
  const missing = [...wanted].filter((name) => !names.has(name));
  if (surplus.length + missing.length > 0) {
    throw new Error(
      `The package is not what it should be. Surplus: ${surplus.join(', ') || 'none'}. Missing: ${missing.join(', ') || 'none'}.`,
    );
  }
}

function requestedTarget() {
  const flag = process.argv.indexOf('--target');
  if (flag < 0) return `${process.platform}-${process.arch}`;
  const target = process.argv[flag + 1] ?? '';
  if (!/^(linux|darwin|win32)-(x64|arm64)$/.test(target)) {
    throw new Error('--target wants a platform such as linux-x64, win32-x64 or darwin-arm64.');
  }
  return target;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    const file = await packExtension(requestedTarget());
    const count = zipEntries(file).length;
    const megabytes = (statSync(file).size / 1e6).toFixed(1);
    console.log(`${path.relative(root, file)}: ${count} files, ${megabytes} MB`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
