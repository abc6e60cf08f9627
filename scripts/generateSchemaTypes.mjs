// Writes src/caffe/schema.ts from proto/caffe.proto and proto/forks.proto; `--stdout` prints it instead.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as prettier from 'prettier';
import protobuf from 'protobufjs';

const protoPath = fileURLToPath(new URL('../proto/caffe.proto', import.meta.url));
const forksPath = fileURLToPath(new URL('../proto/forks.proto', import.meta.url));
const outputPath = fileURLToPath(new URL('../src/caffe/schema.ts', import.meta.url));

const header = `// Generated from proto/caffe.proto and proto/forks.proto by \`npm run generate\`: edit those files,
// not this one.
//
// Fields have their prototxt names. A scalar that a file leaves out reads as its default, an absent
// message as undefined, an absent repeated field as an empty array.
`;

const scalarTypes = new Map([
  ['string', 'string'],
  ['bytes', 'Uint8Array'],
  ['bool', 'boolean'],
]);

function declarationName(object) {
  return object.fullName.split('.').slice(2).join('_');
}

function elementType(field) {
  if (field.resolvedType) return declarationName(field.resolvedType);
  return scalarTypes.get(field.type) ?? 'number';
}

function declareEnum(type) {
  const names = Object.keys(type.values).map((name) => `'${name}'`);
  return `export type ${declarationName(type)} = ${names.join(' | ')};`;
}

function declareMessage(type) {
  const fields = type.fieldsArray.map((field) => {
    const element = elementType(field);
    if (field.repeated) return `readonly ${field.name}: readonly ${element}[];`;
    const mark = field.resolvedType instanceof protobuf.Type ? '?' : '';
    return `readonly ${field.name}${mark}: ${element};`;
  });
  return `export interface ${declarationName(type)} {\n${fields.join('\n')}\n}`;
}

function* declarations(namespace) {
  for (const object of namespace.nestedArray) {
    if (object instanceof protobuf.Enum) yield declareEnum(object);
    if (!(object instanceof protobuf.Type)) continue;
    yield* declarations(object);
    yield declareMessage(object);
  }
}

const { root } = protobuf.parse(readFileSync(protoPath, 'utf8'), { keepCase: true });
protobuf.parse(readFileSync(forksPath, 'utf8'), root, { keepCase: true });
const suffix = 'OfForks';
for (const extra of root.lookup('caffe').nestedArray.filter(({ name }) => name.endsWith(suffix))) {
  const target = root.lookupType(`caffe.${extra.name.slice(0, -suffix.length)}`);
  for (const field of [...extra.fieldsArray]) {
    extra.remove(field);
    target.add(field);
  }
  extra.parent.remove(extra);
}
root.resolveAll();
const code = [header, ...declarations(root.lookup('caffe'))].join('\n\n');
const options = await prettier.resolveConfig(outputPath);
const formatted = await prettier.format(code, { ...options, parser: 'typescript' });

if (process.argv.includes('--stdout')) process.stdout.write(formatted);
else writeFileSync(outputPath, formatted);
