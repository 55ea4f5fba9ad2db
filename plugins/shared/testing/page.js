// Runs in the browser, as a module of the test's page: plain JavaScript, because no build stands between.

const floats = (base64) =>
  new Float32Array(Uint8Array.from(atob(base64), (c) => c.charCodeAt(0)).buffer);

const sha256 = async (samples) => {
  const digest = await crypto.subtle.digest('SHA-256', samples);
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
};

/** Renders `input` (two channels, base64 of Float32) through an instance that was created with `params`. */
async function renderPlugin({ entryUrl, sampleRate, frames, params, input }) {
  const { default: Plugin } = await import(entryUrl);
  const context = new OfflineAudioContext(2, frames, sampleRate);
  const instance = await Plugin.createInstance('group', context, { params });
  const buffer = new AudioBuffer({ numberOfChannels: 2, length: frames, sampleRate });
  input.forEach((channel, c) => {
    buffer.copyToChannel(floats(channel), c);
  });
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(instance.audioNode).connect(context.destination);
  source.start();
  const rendered = await context.startRendering();
  const node = instance.audioNode;
  const state = await node.getState();
  return {
    isConstructor: Plugin.isWebAudioModuleConstructor,
    isModule: instance.isWebAudioModule,
    name: instance.name,
    delay: await node.getCompensationDelay(),
    state: state.params,
    values: await node.getParameterValues(),
    infos: Object.keys(await node.getParameterInfo()),
    hashes: await Promise.all([0, 1].map((c) => sha256(rendered.getChannelData(c)))),
  };
}

/** State, values and automation while a constant of 0.5 passes the stereo tool. */
async function automateStereo(entryUrl) {
  const { default: Plugin } = await import(entryUrl);
  const context = new OfflineAudioContext(2, 48_000, 48_000);
  const { audioNode } = await Plugin.createInstance('group', context, { params: { gain: -60 } });
  const source = new ConstantSourceNode(context, { offset: 0.5 });
  source.connect(audioNode).connect(context.destination);
  source.start();
  await audioNode.setState({ params: { gain: 1000, width: Number.NaN, nonsense: 1 } });
  await audioNode.setParameterValues({ w: { id: 'width', value: 0.25, normalized: true } });
  let heard = 0;
  audioNode.addEventListener('wam-automation', () => {
    heard += 1;
  });
  audioNode.scheduleEvents(
    { type: 'wam-automation', data: { id: 'gain', value: 0, normalized: false }, time: 0.5 },
    { type: 'wam-automation', data: { id: 'balance', value: 100, normalized: false } },
  );
  const rendered = await context.startRendering();
  const state = await audioNode.getState();
  audioNode.destroy();
  const [left, right] = [0, 1].map((c) => rendered.getChannelData(c));
  return {
    state: state.params,
    heard,
    before: right[10_000],
    after: right[47_000],
    left: left[47_000],
  };
}

Object.assign(globalThis, { renderPlugin, automateStereo });
