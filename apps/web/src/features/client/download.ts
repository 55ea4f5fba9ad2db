import { theApp, toastError } from '../../session/index.ts';
import { mintExport } from './mint-export.ts';

/** Saves the file by an address made this moment. */
export async function downloadExport(id: string): Promise<void> {
  try {
    const { url, fileName } = await mintExport(theApp().client, id);
    const link = document.createElement('a');
    link.href = url;
    link.download = fileName;
    link.click();
  } catch (error) {
    toastError(error, 'download the file');
  }
}
