/** The HTTP API, for those who run it in a process of their own making: tests, and the standalone launcher. */
export { type Config, readConfig } from './config/config.ts';
export { createServer, type ServerDeps } from './create-server.ts';
export { DEMO_ACCOUNTS, DEMO_PASSWORD, seedDemoAccounts } from './dev-seed.ts';
