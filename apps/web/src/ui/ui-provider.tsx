import { CSPProvider } from '@base-ui/react/csp-provider';
import { Tooltip } from '@base-ui/react/tooltip';
import type { ReactNode } from 'react';

/** Stands once around the page. The page's policy allows no inline <style>, so the primitives must not make any. */
export const UiProvider = ({ children }: { readonly children: ReactNode }) => (
  <CSPProvider disableStyleElements>
    <Tooltip.Provider timeout={300}>{children}</Tooltip.Provider>
  </CSPProvider>
);
