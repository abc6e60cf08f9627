import js from '@eslint/js';
import tseslint from 'typescript-eslint';

/**
 * The rooms under src/ and what each may import: imports point one way. Only `extension` and the
 * glue in `language/vscode` may import vscode; only `extension` may import `language`.
 */
export const allowedRooms = {
  base: [],
  prototxt: ['base'],
  caffe: ['base', 'prototxt'],
  formats: ['base', 'caffe'],
  data: ['base', 'prototxt', 'caffe'],
  onnx: ['base', 'prototxt', 'caffe', 'formats'],
  quantize: ['base', 'prototxt', 'caffe', 'formats'],
  options: ['base', 'caffe', 'quantize'],
  runtime: ['base', 'prototxt', 'onnx', 'options'],
  engine: [
    'base',
    'prototxt',
    'caffe',
    'formats',
    'data',
    'onnx',
    'quantize',
    'options',
    'runtime',
  ],
  cli: [
    'base',
    'prototxt',
    'caffe',
    'formats',
    'data',
    'onnx',
    'quantize',
    'options',
    'runtime',
    'engine',
  ],
  runs: [
    'base',
    'prototxt',
    'caffe',
    'formats',
    'data',
    'onnx',
    'quantize',
    'options',
    'runtime',
    'engine',
  ],
  language: ['base', 'prototxt', 'caffe', 'formats', 'data', 'onnx'],
  extension: [
    'base',
    'prototxt',
    'caffe',
    'formats',
    'data',
    'onnx',
    'quantize',
    'options',
    'runtime',
    'engine',
    'runs',
    'language',
  ],
};

/**
 * The rooms of src/engine and which of the others each may import: a job (quantize, score, export)
 * opens its inputs, runs a search and writes files; a search scores candidates. `process` stands on
 * both sides of the pipe between the host and the engine.
 */
export const allowedEngineRooms = {
  files: [],
  inputs: ['scoring'],
  scoring: [],
  search: ['files', 'inputs', 'scoring'],
  jobs: ['files', 'inputs', 'scoring', 'search'],
  process: ['files', 'inputs', 'scoring', 'search', 'jobs'],
};

const namedExports = { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' };

/** Number formats and trimming modes say themselves what they do: nobody asks which one it is. */
const formatSwitches = ['BinaryExpression', 'SwitchCase'].map((place) => ({
  selector:
    `${place} > Literal[value=/^(float32|fixedPoint|minifloat|powerOfTwo|` +
    'dynamic_fixed_point|integer_power_of_2_weights|mixed)$/]',
  message: 'Ask the number format (src/formats) or the mode (src/quantize/modes).',
}));

/** Files of users are read by one door, which refuses devices, pipes and what is far too large. */
const readers = ['node:fs', 'node:fs/promises'].map((name) => ({
  name,
  importNames: ['readFile', 'readFileSync', 'createReadStream'],
  message: 'Files that are read go through src/base/inputFile.ts.',
}));
const withDoor = ['prototxt', 'caffe', 'data', 'onnx', 'quantize', 'runtime', 'language'];
const engineWithDoor = ['inputs', 'scoring', 'search', 'jobs'];

const importRules = Object.entries(allowedRooms).flatMap(([room, allowed]) => {
  const forbidden = Object.keys(allowedRooms).filter(
    (other) => other !== room && !allowed.includes(other),
  );
  const pattern = {
    regex: `^(\\.\\./)+(${forbidden.join('|')})(/|$)`,
    message: `src/${room} may import only from: ${allowed.join(', ') || 'nothing else'}.`,
  };
  const vscode = { name: 'vscode', message: `src/${room} runs without VS Code.` };
  const rule = (paths, patterns) => ({
    rules: { 'no-restricted-imports': ['error', { paths, patterns }] },
  });
  const files = [`src/${room}/**/*.ts`];
  const paths = withDoor.includes(room) ? [vscode, ...readers] : [vscode];
  if (room === 'engine') return engineRules(pattern, vscode, rule);
  if (room === 'extension') return [{ files, ...rule([], [pattern]) }];
  if (room !== 'language') return [{ files, ...rule(paths, [pattern]) }];
  const glue = {
    regex: '^(\\./|(\\.\\./)+)vscode/',
    message: 'What runs without VS Code must not need the glue.',
  };
  return [
    { files, ...rule(paths, [pattern, glue]) },
    { files: ['src/language/vscode/**/*.ts'], ...rule([], [pattern]) },
  ];
});

function engineRules(pattern, vscode, rule) {
  return Object.entries(allowedEngineRooms).map(([room, allowed]) => {
    const others = Object.keys(allowedEngineRooms).filter(
      (other) => other !== room && !allowed.includes(other),
    );
    const inner = {
      regex: `^\\.\\./(${others.join('|')})/`,
      message: `src/engine/${room} may import only from: ${allowed.join(', ') || 'no other room'}.`,
    };
    const paths = engineWithDoor.includes(room) ? [vscode, ...readers] : [vscode];
    return { files: [`src/engine/${room}/**/*.ts`], ...rule(paths, [pattern, inner]) };
  });
}

/**
 * What the extension host loads must never load native code: it may take of the engine what starts
 * it, what writes files, and types. (`runtime/provider` only looks for libraries.)
 */
const nativeFree = {
  files: ['src/extension/**/*.ts', 'src/runs/**/*.ts'],
  rules: {
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            regex:
              '(^|/)(engine/(?!files/|process/client$|process/failure$)|runtime/(?!provider$))',
            allowTypeImports: true,
            message:
              'Of the engine and the runtime the extension host takes files, the client and types.',
          },
          {
            regex: '^(onnxruntime-node|sharp|classic-level|h5wasm)(/|$)',
            allowTypeImports: true,
            message: 'Native code runs in the engine process, never in the extension host.',
          },
        ],
      },
    ],
  },
};

export default tseslint.config(
  { ignores: ['build/', 'dist/', 'node_modules/', 'test/fixtures/'] },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked.map((config) => ({
    ...config,
    files: ['src/**/*.ts', 'test/**/*.ts', 'webview/**/*.ts'],
  })),
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'webview/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/explicit-module-boundary-types': 'error',
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/prefer-readonly': 'error',
      'max-lines': ['error', { max: 400, skipBlankLines: true, skipComments: true }],
      'no-restricted-syntax': ['error', namedExports],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/formats/**'],
    rules: { 'no-restricted-syntax': ['error', namedExports, ...formatSwitches] },
  },
  {
    // Generated: one interface a message of the schema.
    files: ['src/caffe/schema.ts'],
    rules: { 'max-lines': 'off' },
  },
  {
    // A text asset can only be declared as a default export.
    files: ['src/proto.d.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['scripts/**/*.mjs', '*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  ...importRules,
  nativeFree,
  {
    // The page shares nothing with the host but the message types.
    files: ['webview/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              regex: '/src/(?!runs/panelMessages$)',
              message: 'webview/ may import only the types of src/runs/panelMessages.',
            },
          ],
        },
      ],
    },
  },
);
