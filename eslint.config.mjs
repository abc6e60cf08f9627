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
  data: ['base', 'prototxt', 'caffe'],
  onnx: ['base', 'prototxt', 'caffe'],
  quantize: ['base', 'prototxt', 'caffe', 'data', 'onnx'],
  options: ['base', 'caffe', 'quantize'],
  runtime: ['base', 'prototxt', 'caffe', 'data', 'onnx', 'quantize', 'options'],
  engine: ['base', 'prototxt', 'caffe', 'data', 'onnx', 'quantize', 'options', 'runtime'],
  cli: ['base', 'prototxt', 'caffe', 'data', 'onnx', 'quantize', 'options', 'runtime', 'engine'],
  runs: ['base', 'prototxt', 'caffe', 'data', 'onnx', 'quantize', 'options', 'runtime', 'engine'],
  language: ['base', 'prototxt', 'caffe', 'data', 'onnx'],
  extension: [
    'base',
    'prototxt',
    'caffe',
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
  if (room === 'extension') return [{ files, ...rule([], [pattern]) }];
  if (room !== 'language') return [{ files, ...rule([vscode], [pattern]) }];
  const glue = {
    regex: '^(\\./|(\\.\\./)+)vscode/',
    message: 'What runs without VS Code must not need the glue.',
  };
  return [
    { files, ...rule([vscode], [pattern, glue]) },
    { files: ['src/language/vscode/**/*.ts'], ...rule([], [pattern]) },
  ];
});

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
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' },
      ],
    },
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
