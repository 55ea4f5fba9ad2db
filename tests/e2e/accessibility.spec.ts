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

test('in the top bar nothing lies over anything, and a phone has undo and signing up', async ({
  page,
  mixdown,
}) => {
  await page.goto(mixdown.url);
  await expect(page.getByTestId('track-0')).toBeVisible();
  await expect(page.getByTestId('play-hint')).toBeVisible();
  for (const width of [1440, 1024, 900, 800, 390]) {
    await page.setViewportSize({ width, height: 700 });
    await expect(page.getByTestId('undo')).toBeVisible();
    const overlapping = await page.locator('header').evaluateAll(([bar]) => {
      const boxes = [...(bar?.querySelectorAll('button, a, input, [role="timer"]') ?? [])]
        .map((node) => ({
          name: node.getAttribute('aria-label'),
          box: node.getBoundingClientRect(),
        }))
        .filter(({ box }) => box.width > 0);
      return boxes.flatMap((one, at) =>
        boxes
          .slice(at + 1)
          .filter(
            ({ box }) =>
              Math.min(one.box.right, box.right) - Math.max(one.box.left, box.left) > 0.5 &&
              Math.min(one.box.bottom, box.bottom) - Math.max(one.box.top, box.top) > 0.5,
          )
          .map((other) => `${one.name} and ${other.name}`),
      );
    });
    expect(overlapping, `at ${width}`).toEqual([]);
  }
  await page.getByTestId('account-menu').click();
  await page.getByRole('menuitem', { name: 'Sign up' }).click();
  await expect(page).toHaveURL(/mode=up&next=/);
});
