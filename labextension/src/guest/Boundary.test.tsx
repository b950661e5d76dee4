import { nullTranslator } from '@jupyterlab/translation';
import { createRoot } from 'react-dom/client';
import { afterEach, expect, it, vi } from 'vitest';

import { Boundary } from './Boundary';

afterEach(() => vi.restoreAllMocks());

it('says that the page cannot be shown, in the place of nothing', async () => {
  vi.spyOn(console, 'error').mockImplementation(() => undefined); // React tells of it, too
  const host = document.createElement('div');
  const Broken = () => {
    throw new Error('no');
  };
  const root = createRoot(host, { onRecoverableError: () => undefined });
  root.render(
    <Boundary trans={nullTranslator.load('')}>
      <Broken />
    </Boundary>
  );
  await vi.waitFor(() =>
    expect(host.textContent).toContain('Something went wrong')
  );
  root.unmount();
});
