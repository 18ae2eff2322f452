import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import tseslint from 'typescript-eslint';

import { sizes } from './eslint.sizes.mjs';

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'dist-*/',
      'coverage/',
      'node_modules/',
      '**/*.cjs',
      '**/*.mjs',
      'clients/typescript/src/reader/api.ts',
    ],
  },
  js.configs.recommended,
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        project: [
          './tsconfig.json',
          './console/tsconfig.json',
          './console/bundle-worker/tsconfig.json',
        ],
      },
    },
  },
  {
    rules: {
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_' },
      ],
      // Who adds a kind of something finds every switch over it.
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/cli/**',
      'src/cli.ts',
      // What EventStoreDB's client prints is taken from the console here, and said without secrets.
      'src/event-store/eventstoredb/**',
    ],
    rules: { 'no-console': 'error' },
  },
  ...sizes,
  prettier,
);
