// A Chromium with a profile of its own on the disk, as somebody has it: it can be killed and started again on what it left.
import { spawn, type ChildProcess } from 'node:child_process'
import { chromium, type Browser, type BrowserContext, type Page } from '@playwright/test'
import { findChromium } from '../../scripts/find-chromium.mjs'

const quiet = ['--headless=new', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--disable-quic', '--no-first-run', '--no-default-browser-check', '--hide-crash-restore-bubble']

export class Chrome {
  readonly #profile: string
  readonly #address: string
  #process: ChildProcess | null = null
  #browser: Browser | null = null

  /** @param profile a folder; @param address of the page */
  constructor(profile: string, address: string) {
    this.#profile = profile
    this.#address = address
  }

  async #context(): Promise<BrowserContext> {
    const [present] = this.#browser?.contexts() ?? []
    if (present && this.#process) return present
    const path = findChromium()
    if (!path) throw new Error('No Chrome or Chromium was found. Install one, or set CHROME_PATH to its executable.')
    const args = [...quiet, ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []), `--user-data-dir=${this.#profile}`, '--remote-debugging-port=0', 'about:blank']
    const child = spawn(path, args, { stdio: ['ignore', 'ignore', 'pipe'] })
    const endpoint = await new Promise<string>((resolve, reject) => {
      let said = ''
      child.stderr.on('data', (data: Buffer) => {
        said += data.toString()
        const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1]
        if (found) resolve(found)
      })
      child.once('exit', () => { reject(new Error(`The browser did not start: ${said.slice(-500)}`)) })
    })
    this.#process = child
    this.#browser = await chromium.connectOverCDP(endpoint)
    const [context] = this.#browser.contexts()
    if (!context) throw new Error('The browser has no context.')
    // tsx names functions through a helper that the page does not have.
    await context.addInitScript('globalThis.__name = (named) => named')
    await context.addInitScript(() => { localStorage.setItem('agemem.tour', 'seen') })
    return context
  }

  /** A new tab. @param hash a link's, # included */
  async open(hash = '#policy=oracle'): Promise<Page> {
    const page = await (await this.#context()).newPage()
    // What asks before it is left is left.
    page.on('dialog', (dialog) => void dialog.accept().catch(() => undefined))
    await page.goto(`${this.#address}${hash}`)
    await page.getByRole('heading', { level: 1 }).waitFor()
    return page
  }

  /** A tab of the same origin without the page: what deletes the database behind its back. */
  async openBeside(): Promise<Page> {
    const page = await (await this.#context()).newPage()
    await page.goto(new URL('models/nano/config.json', this.#address).href)
    return page
  }

  /** Closes every tab but those. */
  async closeOthers(...kept: Page[]): Promise<void> {
    for (const page of (await this.#context()).pages()) if (!kept.includes(page)) await page.close().catch(() => undefined)
  }

  /** Ends the whole browser at once, as a crash or a power cut does. */
  async kill(): Promise<void> {
    const child = this.#process
    if (!child) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
    this.#process = null
    this.#browser = null
  }
}
