import type { CaptureResult, PostHog, PostHogConfig } from 'posthog-js';
import { redactDeep } from '../redact.ts';
import type { EventSink } from '../telemetry.ts';

/** Our own events and nothing else: no autocapture, no recording, no flags, and never a script from elsewhere. */
const OPTIONS: Partial<PostHogConfig> = {
  autocapture: false,
  capture_pageview: false,
  capture_pageleave: false,
  capture_heatmaps: false,
  capture_dead_clicks: false,
  capture_exceptions: false,
  capture_performance: false,
  rageclick: false,
  disable_session_recording: true,
  disable_surveys: true,
  disable_product_tours: true,
  disable_conversations: true,
  disable_web_experiments: true,
  disable_scroll_properties: true,
  disable_external_dependency_loading: true,
  advanced_disable_flags: true,
  person_profiles: 'identified_only',
  save_referrer: false,
  save_campaign_params: false,
  persistence: 'localStorage',
  // An event needs a session with running audio behind it, so that there are no crawlers to filter out.
  opt_out_useragent_filter: true,
};

/** Where somebody came from, and titles with names of projects in them. */
const LEAKY = /url|referrer|referring|pathname|title|utm_|\$raw_user_agent|^\$ip$/i;

const strip = (props: Record<string, unknown>) =>
  redactDeep(Object.fromEntries(Object.entries(props).filter(([name]) => !LEAKY.test(name))));

/** What the SDK adds of its own accord is filtered like everything else. */
export function cleanPostHogEvent(event: CaptureResult | null): CaptureResult | null {
  if (!event) return null;
  const { $set: _set, $set_once: _once, ...rest } = event;
  // `token` is PostHog's public project key, without which the event belongs to nobody.
  const properties = { ...strip(event.properties), token: event.properties.token };
  return { ...rest, properties: properties as CaptureResult['properties'] };
}

export async function createPostHogSink(key: string, host: string): Promise<EventSink> {
  const posthog = await load();
  posthog.init(key, { ...OPTIONS, api_host: host, before_send: cleanPostHogEvent });
  let identified: string | undefined;
  return {
    capture(distinctId, event, props) {
      if (distinctId && distinctId !== identified) {
        identified = distinctId;
        posthog.identify(distinctId);
      }
      posthog.capture(event, props);
    },
    // Sends its queue by beacon when the page goes; there is nothing to wait for.
    flush: async () => undefined,
    close: async () => undefined,
  };
}

/** The slim build without loaders of remote code: half the size of the usual one. */
async function load(): Promise<PostHog> {
  const module: { posthog: PostHog } = await import(
    'posthog-js/dist/module.slim.no-external.js'
  ).then((loaded) => loaded as unknown as { posthog: PostHog });
  return module.posthog;
}
