import AxeBuilder from '@axe-core/playwright';
import { expect, openDemo, settled, test } from './fixtures.ts';

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const viewport of SIZES) {
  test.describe(`at ${viewport.width} × ${viewport.height}`, () => {
    test.use({ viewport });

    test('the project, the plugin browser and the export dialog have no violations', async ({
      page,
      mixdown,
    }) => {
      const check = async (what: string) => {
        await settled(page);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(
          violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.target).join(', ')}`),
        ).toEqual([]);
      };
      await page.goto(`${mixdown.url}/sign-in`);
      await expect(page.getByTestId('sign-in-submit')).toBeVisible();
      await check('sign in');
      await openDemo(page, mixdown.url);
      await check('project');
      await page.keyboard.press('Control+k');
      await expect(page.getByTestId('plugin-browser')).toBeVisible();
      await check('browser');
      await page.keyboard.press('Escape');
      await page.getByTestId('export-open').click();
      await expect(page.getByTestId('export-dialog')).toBeVisible();
      await check('export');
    });

    test('nothing is wider than the page', async ({ page, mixdown }) => {
      await openDemo(page, mixdown.url);
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - window.innerWidth,
      );
      expect(overflow).toBeLessThanOrEqual(0);
    });
  });
}
