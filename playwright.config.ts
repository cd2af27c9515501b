import { defineConfig } from '@playwright/test'
import { findChromium } from './scripts/find-chromium.mjs'

const port = 4173

export default defineConfig({
  testDir: 'e2e',
  // Minutes each, with a configuration of their own.
  testIgnore: '**/own-models/**',
  timeout: 120_000,
  // Two cores that also run the page's workers: what takes a second alone can take many.
  expect: { timeout: 15_000 },
  // One page waits while the other computes. What fails is tried once more, and counted as flaky: two cores are few.
  workers: 2,
  retries: 1,
  forbidOnly: Boolean(process.env['CI']),
  reporter: [['list']],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    viewport: { width: 1440, height: 900 },
    // Where it is not what is tested, it would fetch the whole page once more for every test.
    serviceWorkers: 'block',
    launchOptions: {
      executablePath: findChromium() ?? undefined,
      args: [
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--disable-quic',
      ],
    },
  },
  webServer: { command: `npx vite preview --port ${port} --strictPort`, port, reuseExistingServer: false },
})
