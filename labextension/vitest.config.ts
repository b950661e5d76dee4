import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'jsdom',
    include: ['src/**/*.test.{ts,tsx}'],
    // JupyterLab's packages are ES modules that only a bundler can resolve.
    server: { deps: { inline: [/@jupyter/, /@lumino/] } }
  }
});
