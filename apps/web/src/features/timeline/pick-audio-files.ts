/** What the server can decode; the picker offers nothing else. */
const ACCEPT =
  '.wav,.wave,.flac,.mp3,.ogg,.oga,.opus,audio/wav,audio/x-wav,audio/flac,audio/mpeg,audio/ogg';

/** Lets people choose audio files; empty when they think better of it. */
export function pickAudioFiles(): Promise<File[]> {
  return new Promise((resolve) => {
    const input = document.createElement('input');
    input.type = 'file';
    input.accept = ACCEPT;
    input.multiple = true;
    input.addEventListener('change', () => resolve([...(input.files ?? [])]));
    input.addEventListener('cancel', () => resolve([]));
    input.click();
  });
}
