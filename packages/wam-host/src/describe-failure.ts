import type { CatalogEntry, PluginFailure } from '@mixdown/contract';

export interface FailureText {
  readonly title: string;
  /** What it means for the session and what can be done. */
  readonly detail: string;
}

const DRY = 'The slot passes the sound through unchanged.';

const TEXTS: Readonly<Record<PluginFailure, (name: string) => FailureText>> = {
  not_found: (name) => ({
    title: `${name} could not be found`,
    detail: `The plugin's files could not be found on the server. ${DRY} Try again, or replace it with another effect.`,
  }),
  integrity: (name) => ({
    title: `${name} was not loaded, to be safe`,
    detail: `The plugin's files are not the ones that were checked for this project. ${DRY} Reload the page to get the current files, or replace the effect.`,
  }),
  syntax: (name) => ({
    title: `${name} cannot be read`,
    detail: `The plugin's code has an error, so it cannot start. ${DRY} Replace it with another effect.`,
  }),
  no_constructor: (name) => ({
    title: `${name} is not a plugin`,
    detail: `The file was loaded, but there is no Web Audio Module in it. ${DRY} Replace it with another effect.`,
  }),
  timeout: (name) => ({
    title: `${name} takes too long`,
    detail: `The plugin did not answer in time. ${DRY} Try again; if that does not help, replace the effect.`,
  }),
  processor_error: (name) => ({
    title: `${name} has stopped`,
    detail: `The plugin's sound processing failed. ${DRY} Its settings are kept: try again, or replace the effect.`,
  }),
  non_finite: (name) => ({
    title: `${name} was switched off`,
    detail: `The plugin put out something that is not sound (values that are not numbers). ${DRY} Try again, perhaps with other settings.`,
  }),
  runaway: (name) => ({
    title: `${name} was switched off`,
    detail: `The plugin became dangerously loud. ${DRY} Turn down its feedback or gain, then try again.`,
  }),
  unsupported_browser: (name) => ({
    title: `${name} does not run here`,
    detail: `This browser lacks something that the plugin needs. ${DRY} A current version of Chrome, Edge, Firefox or Safari will do.`,
  }),
  blocked_by_policy: (name) => ({
    title: `${name} was blocked`,
    detail: `The plugin wanted to run code or reach addresses that are not allowed here. ${DRY} Replace it with another effect.`,
  }),
};

/** A failure in plain words; `entry` is null for a plugin that the catalog lacks. */
export function describeFailure(
  failure: PluginFailure,
  entry: Pick<CatalogEntry, 'name'> | null,
): FailureText {
  return TEXTS[failure](entry?.name ?? 'The plugin');
}
