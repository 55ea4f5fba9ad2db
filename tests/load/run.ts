/** `npm run load -- exports`: load on real processes, on the loopback interface only; stops by itself. */
import { endClustersOnSignal } from '../support/cluster/cluster.ts';
import { loadExports } from './exports.ts';

const LOADS: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  exports: loadExports,
};
const [name = '', ...args] = process.argv.slice(2);
const load = LOADS[name];
if (!load) {
  console.error(`There is no load "${name}". There are: ${Object.keys(LOADS).join(', ')}.`);
  process.exit(2);
}
endClustersOnSignal();
process.exitCode = (await load(args)) ? 0 : 1;
