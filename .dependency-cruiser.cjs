/** The floors of the house, ground first; what shares a line does not import one another. */
const floors = [
  ['errors', 'clock', 'random'],
  ['wire'],
  ['transport', 'linux', 'state'],
  ['bproc'],
  ['beostat', 'nss'],
  ['beomap'],
  ['boot', 'mpi'],
  ['cluster'],
  ['index', 'testing'],
  ['cli'],
];

/** A part of the house is a folder of src or a file in it. */
const part = (...names) => `^src/(?:${names.join('|')})(?:/|\\.ts$)`;
const known = part(...floors.flat());

const upwards = floors.flatMap((floor, level) =>
  floor.map((name) => {
    const below = floors.slice(0, level).flat();
    // The test kit is for tests, so not for the commands that happen to be above it.
    const allowed = [name, ...below.filter((lower) => lower !== 'testing')];
    return {
      name: `floor-of-${name}`,
      comment: `src/${name} imports only itself${below.length > 0 ? ' and the floors below it' : ''}.`,
      severity: 'error',
      from: { path: part(name) },
      to: { path: known, pathNot: part(...allowed) },
    };
  }),
);

const indexOnly = 'What a folder offers to others is what its index.ts exports.';

module.exports = {
  forbidden: [
    ...upwards,
    {
      name: 'without-a-floor',
      comment: 'A new part of src has to be given its floor in .dependency-cruiser.cjs.',
      severity: 'error',
      from: { path: '^src/', pathNot: known },
      to: {},
    },
    {
      name: 'to-what-has-no-floor',
      comment: 'A new part of src has to be given its floor in .dependency-cruiser.cjs.',
      severity: 'error',
      from: {},
      to: { path: '^src/', pathNot: known },
    },
    {
      name: 'through-the-index',
      comment: indexOnly,
      severity: 'error',
      from: { path: '^src/([^/]+?)(?:/|\\.ts$)' },
      to: { path: '^src/[^/]+/', pathNot: ['^src/$1/', '^src/[^/]+/index\\.ts$'] },
    },
    {
      // Files that lie directly in src/bproc are shared by the folders beside them.
      name: 'through-the-index-in-bproc',
      comment: indexOnly,
      severity: 'error',
      from: { path: '^src/bproc/([^/]+?)(?:/|\\.ts$)' },
      to: { path: '^src/bproc/[^/]+/', pathNot: ['^src/bproc/$1/', '^src/bproc/[^/]+/index\\.ts$'] },
    },
    {
      name: 'wire-is-pure',
      comment: 'The wire knows bytes: no sockets, files, processes or timers.',
      severity: 'error',
      from: { path: part('wire') },
      to: {
        dependencyTypes: ['core'],
        path: '^(?:node:)?(?:net|tls|dgram|dns|https?|http2|fs|child_process|os|timers|worker_threads)(?:/|$)',
      },
    },
    {
      name: 'no-circles',
      comment: 'Two files that need each other are one file, or need a third below both.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-orphans',
      comment: 'Nothing imports this file, and it imports nothing: it is dead.',
      severity: 'error',
      from: { orphan: true },
      to: {},
    },
    {
      name: 'product-code-only',
      comment: 'What is shipped cannot depend on what is not.',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(?:test|bench|examples|scripts)/' },
    },
    {
      name: 'declared-dependencies-only',
      comment: 'Whoever installs the package gets its dependencies, not its devDependencies.',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-dev', 'npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'resolvable',
      comment: 'This import leads nowhere.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    // Type imports count: a floor that needs the types of one above it is on the wrong floor.
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    // packages that are modules only name themselves by these
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'] },
  },
};
