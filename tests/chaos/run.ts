/** `npm run chaos -- --exports 200 --kills 40`: a storm of faults, and what it has broken. Exit code 1 if anything. */

import { parseArgs } from 'node:util';
import { endClustersOnSignal } from '../support/cluster/cluster.ts';
import { storm } from './storm.ts';

const { values } = parseArgs({
  options: {
    exports: { type: 'string', default: '200' },
    kills: { type: 'string', default: '40' },
    people: { type: 'string', default: '8' },
    workers: { type: 'string', default: '3' },
    apis: { type: 'string', default: '2' },
  },
});
const whole = (name: keyof typeof values): number => {
  const n = Number(values[name]);
  if (Number.isInteger(n) && n >= 0) return n;
  console.error(`--${name} must be a whole number, but it is "${values[name]}".`);
  process.exit(2);
};

endClustersOnSignal();
const started = performance.now();
const report = await storm({
  apis: Math.max(1, whole('apis')),
  workers: Math.max(1, whole('workers')),
  people: Math.max(1, whole('people')),
  exports: whole('exports'),
  kills: whole('kills'),
  slots: 3,
  perUser: 2,
  queuedPerUser: 10,
  onFault: (fault, completed) => console.log(`${String(completed).padStart(5)} done · ${fault}`),
});
const kinds = Map.groupBy(report.struck, (fault) => fault);
console.log(`\n${report.accepted} exports, ${report.struck.length} faults:`);
for (const [fault, list] of kinds) console.log(`${String(list.length).padStart(5)} × ${fault}`);
console.log(
  `      ${report.repeated} attempts repeated, ${report.repeatedByHand} exports repeated by hand, ${Math.round((performance.now() - started) / 1000)} s`,
);
const damage = {
  lost: report.lost,
  doubled: report.doubled,
  'over limit': report.overLimit,
  wrong: report.wrong,
  'illegal steps': report.illegal,
  'half uploaded': report.halfUploaded,
};
console.log(
  `\n${Object.entries(damage)
    .map(([what, n]) => `${what}: ${n}`)
    .join(', ')}`,
);
process.exitCode = Object.values(damage).some((n) => n > 0) ? 1 : 0;
