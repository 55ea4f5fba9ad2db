/**
 * Dependencies point one way: apps → engine → wam-host, wam-catalog → core, dsp → contract.
 * Each line: what a part may import besides itself; everything else between our own parts is an error.
 */
const ALLOWED = {
  'packages/contract': [],
  'packages/core': ['packages/contract'],
  'packages/dsp': ['packages/contract'],
  'packages/codecs': ['packages/contract', 'packages/dsp'],
  'packages/database': ['packages/contract'],
  'packages/storage': ['packages/contract'],
  'packages/telemetry': ['packages/contract'],
  'packages/demo-material': ['packages/contract', 'packages/core', 'packages/dsp'],
  'packages/wam-catalog': ['packages/contract', 'packages/core'],
  'packages/wam-host': ['packages/contract', 'packages/core', 'packages/wam-catalog'],
  'packages/engine': ['packages/(contract|core|dsp|wam-host|wam-catalog)'],
  plugins: ['packages/(contract|core|wam-catalog)'],
  'apps/web': ['packages/(contract|core|dsp|engine|wam-host|wam-catalog|telemetry)'],
  'apps/api': ['packages/.+'],
  'apps/worker': ['packages/.+'],
  'apps/standalone': ['packages/.+', 'apps/(api|worker)'],
};
const OURS = '^(apps|packages|plugins)/';
/** Tests may use any package to set a scene, and what they share under tests/. */
const TESTS = '(\\.test\\.tsx?$|/testing\\.ts$|/testing/)';

const layers = Object.entries(ALLOWED).map(([part, may]) => ({
  name: `layer: ${part}`,
  comment: `${part} may import only ${may.join(', ') || 'libraries'}`,
  severity: 'error',
  from: { path: `^${part}/`, pathNot: TESTS },
  to: { path: OURS, pathNot: [`^${part}/`, ...may.map((m) => `^${m}/`)] },
}));

export default {
  forbidden: [
    {
      name: 'no circles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    {
      name: 'no tests in the product',
      severity: 'error',
      from: { path: OURS, pathNot: TESTS },
      to: { path: '(^tests/|\\.test\\.tsx?$)' },
    },
    {
      name: 'no unresolvable imports',
      severity: 'error',
      from: {},
      // Vite's own suffixes, and a package that consists of types alone.
      to: { couldNotResolve: true, pathNot: ['\\?(worker|url)', '^@webaudiomodules/api'] },
    },
    {
      name: 'no other queues in the product',
      comment: 'they are measured by bench/queue, and nothing else needs them',
      severity: 'error',
      from: { path: OURS },
      to: { path: '(^|/)(bullmq|graphile-worker|pg-boss)(/|$)' },
    },
    ...layers,
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|node_modules)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs', '.json'],
    },
  },
};
