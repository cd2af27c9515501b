// Finds a Chrome or Chromium for the end-to-end tests, or installs one, or says what to do.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { exit, getuid, stdout } from 'node:process'
import { findChromium } from './find-chromium.mjs'

const attempts = [
  // Debian's own package needs root; Playwright's download needs its host to be reachable.
  { when: () => existsSync('/usr/bin/apt-get') && getuid?.() === 0, command: 'apt-get update -qq && apt-get install -y -qq chromium' },
  { when: () => true, command: 'npx playwright install chromium' },
]

let path = findChromium()
for (const { when, command } of attempts) {
  if (path || !when()) continue
  stdout.write(`No Chrome or Chromium found. Trying: ${command}\n`)
  spawnSync(command, { shell: true, stdio: 'inherit', timeout: 600_000 })
  path = findChromium()
}
if (!path) {
  stdout.write(`
The end-to-end tests need a Chrome or Chromium, and none could be found or installed.
Do one of these, then run the tests again:
  - install Google Chrome or Chromium in the usual way for your system
  - on Debian or Ubuntu:  sudo apt-get install chromium
  - with Playwright:      npx playwright install chromium
  - set CHROME_PATH to the browser's executable
`)
  exit(1)
}
stdout.write(`Testing with ${path}\n`)
