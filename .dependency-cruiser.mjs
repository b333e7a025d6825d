/**
 * Which way imports may point (docs/decisions has the reasons; tests/unit/architecture proves that each rule fires):
 * clients → (network) → provider → interfaces of adapters ← adapters, and nothing depends on what only tries it out.
 */

/** The file named like its folder, and the two words everybody shares. One expression: `\1` counts its groups. */
const INTERFACES = '^adapters/(?:identity|clock|([^/]+)/\\1)\\.ts$';

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    {
      name: 'no-circular',
      comment: 'two files that need each other are one file, or three',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'clients-know-only-urls',
      comment: 'a portal is written as a stranger would write it',
      severity: 'error',
      from: { path: '^clients/' },
      to: { path: '^(provider|adapters)/' },
    },
    {
      name: 'provider-sees-interfaces',
      comment: 'only the composition roots name a concrete adapter',
      severity: 'error',
      from: { path: '^provider/', pathNot: '^provider/(wiring/[^/]+|cli/stores)\\.ts$' },
      to: { path: '^adapters/', pathNot: INTERFACES },
    },
    {
      name: 'provider-knows-no-client',
      comment: 'a relying party is data, never code',
      severity: 'error',
      from: { path: '^provider/' },
      to: { path: '^clients/' },
    },
    {
      name: 'adapters-never-look-up',
      comment: 'the outside world does not know who asks',
      severity: 'error',
      from: { path: '^adapters/' },
      to: { path: '^(provider|clients)/' },
    },
    {
      name: 'nobody-imports-the-sandbox',
      comment: 'what tries the product out is never part of it',
      severity: 'error',
      from: { path: '^(provider|adapters|clients)/' },
      to: { path: '^(sandbox|bench|tests|deploy)/' },
    },
    {
      name: 'sandbox-needs-no-tests',
      comment: 'the sandbox is what a visitor starts, not what we check with',
      severity: 'error',
      from: { path: '^sandbox/' },
      to: { path: '^(bench|tests)/' },
    },
    {
      name: 'no-development-packages',
      comment: 'an installation without development packages must start',
      severity: 'error',
      // A snippet runs on the machine of the developer who copied it.
      from: { path: '^(provider|adapters|clients)/', pathNot: '^clients/developers/snippets/[^/]+/' },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'no-unresolvable',
      comment: 'an import that leads nowhere hides what it would have broken',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    // Type imports show direction, too.
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'types'] },
  },
};
