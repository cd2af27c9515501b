// Everything that can be pressed can be reached by the keyboard, shows that it has the focus, and has a name: a walk through
// each view, from its first control to its last.
import type { CDPSession, Page } from '@playwright/test'
import { expect, openApp, openLibrary, outcome, run, test } from './page.ts'
import { view } from './training-page.ts'

interface Stop {
  /** What it is, for the report. */
  what: string
  name: string
  /** Looks of it, and of what is around it, while it has the focus and after. */
  focused: string
  left: string
}

/** Set up in the page: numbers controls, tells how they look, and which of them Tab should come to. */
function lookout(): void {
  const controls = 'a[href], button, input, select, textarea, summary, [tabindex]'
  /** Within these, arrow keys go from one to the next, and Tab comes to one of them. */
  const composite = '[role="grid"], [role="radiogroup"], [role="tablist"], [role="toolbar"]'
  const numbers = new WeakMap<Element, number>()
  let last = 0
  const numberOf = (element: Element) => {
    if (!numbers.has(element)) numbers.set(element, ++last)
    return numbers.get(element) ?? 0
  }
  const looks = (element: Element | null, depth = 3): string => {
    if (!element || depth === 0) return ''
    const { outline, boxShadow, borderColor, backgroundColor, color, opacity } = getComputedStyle(element)
    return [outline, boxShadow, borderColor, backgroundColor, color, opacity, looks(element.parentElement, depth - 1)].join('|')
  }
  const describe = (element: Element) => `<${element.tagName.toLowerCase()} class="${element.className}"> ${(element.textContent ?? '').trim().slice(0, 40)}`
  const isShown = (element: HTMLElement) => element.checkVisibility({ visibilityProperty: true, opacityProperty: false }) && element.getClientRects().length > 0
  const isOff = (element: Element) => element.matches(':disabled, [aria-hidden="true"], [inert] *')
  /** A chooser of files that a button opens. */
  const isAlias = (element: HTMLElement) => element instanceof HTMLInputElement && element.type === 'file' && element.tabIndex < 0
  const wanted = () =>
    [...document.querySelectorAll<HTMLElement>(controls)].filter((element) => isShown(element) && !isOff(element) && !isAlias(element))
  Object.assign(window, {
    lookout: {
      numberOf: () => (document.activeElement && document.activeElement !== document.body ? numberOf(document.activeElement) : 0),
      describe: () => (document.activeElement ? describe(document.activeElement) : ''),
      looks: () => looks(document.activeElement),
      /** Of one that had the focus. */
      looksOf: (number: number) => looks([...document.querySelectorAll(controls)].find((each) => numbers.get(each) === number) ?? null),
      /** Controls that were not reached, and by no neighbour that is reached and whose arrow keys lead there. */
      missed: (reached: number[]) => {
        const isReached = (element: Element) => reached.includes(numbers.get(element) ?? -1)
        return wanted()
          .filter((element) => !isReached(element) && element.matches('a[href], button, input, select, textarea, summary, [tabindex="0"]'))
          .filter((element) => {
            if (element instanceof HTMLInputElement && element.type === 'radio') return ![...document.querySelectorAll<HTMLInputElement>('input[type="radio"]')].some((other) => other.name === element.name && isReached(other))
            const around = element.closest(composite)
            if (around && [...around.querySelectorAll(controls)].some(isReached)) return false
            // The dots of a stage do what the slider of the timeline does, which is reached.
            return !(element.matches('.dot') && document.querySelector('[data-timeline]'))
          })
          .map(describe)
      },
    },
  })
}

const ask = <T>(page: Page, expression: string): Promise<T> => page.evaluate<T>(`window.lookout.${expression}`)

/** What the browser tells people who hear the page. */
async function nameOfFocused(cdp: CDPSession): Promise<string> {
  const { result } = await cdp.send('Runtime.evaluate', { expression: 'document.activeElement' })
  if (result.objectId === undefined) return ''
  const { nodes } = await cdp.send('Accessibility.getPartialAXTree', { objectId: result.objectId, fetchRelatives: false })
  return String(nodes[0]?.name?.value ?? '')
}

/** Tab through the page until it comes round, or out. */
async function walk(page: Page, cdp: CDPSession, where: string): Promise<void> {
  await page.evaluate(lookout)
  const stops = new Map<number, Stop>()
  let before = 0
  for (let presses = 0; presses < 400; presses++) {
    await page.keyboard.press('Tab')
    const number = await ask<number>(page, 'numberOf()')
    const previous = stops.get(before)
    if (previous) previous.left = await ask<string>(page, `looksOf(${before})`)
    if (stops.has(number)) break
    // Between the last and the first Tab leaves the page.
    before = number
    if (number === 0) continue
    stops.set(number, { what: await ask<string>(page, 'describe()'), name: await nameOfFocused(cdp), focused: await ask<string>(page, 'looks()'), left: '' })
  }
  const all = [...stops.values()]
  expect.soft(all.length, `${where}: controls that Tab comes to`).toBeGreaterThan(10)
  expect.soft(all.filter(({ name }) => name.trim() === '').map(({ what }) => what), `${where}: without a name`).toEqual([])
  expect.soft(all.filter(({ focused, left }) => focused === left).map(({ what }) => what), `${where}: does not show that it has the focus`).toEqual([])
  expect.soft(await ask<string[]>(page, `missed(${JSON.stringify([...stops.keys()])})`), `${where}: not reached`).toEqual([])
}

test('every control of every view is reached by Tab or arrows, shows its focus and has a name', async ({ page }) => {
  test.setTimeout(240_000)
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await openApp(page)
  const cdp = await page.context().newCDPSession(page)
  await walk(page, cdp, 'Watch before the first episode')
  await run(page)
  await walk(page, cdp, 'Watch with an episode')
  await openLibrary(page)
  await walk(page, cdp, 'Episodes')
  await page.goto('./#view=train&run=came-with-the-page')
  await expect(page.getByRole('main').getByRole('figure').first()).toBeVisible()
  await walk(page, cdp, 'Train')
  await view(page, 'Group')
  await expect(page.getByRole('list', { name: 'Rollouts' }).getByRole('listitem').first()).toBeVisible()
  await walk(page, cdp, 'Group')
  await page.getByRole('button', { name: 'All rollouts' }).click()
  await expect(page.getByRole('grid', { name: 'All rollouts of the run' })).toBeVisible()
  await walk(page, cdp, 'All rollouts')
  await view(page, 'Compare')
  await expect(page.getByRole('region', { name: 'Results' })).toBeVisible()
  await walk(page, cdp, 'Compare')
  await view(page, 'Models')
  await expect(page.locator('main[aria-busy="true"]')).toHaveCount(0)
  await walk(page, cdp, 'Models')
  await view(page, 'Experiments')
  await expect(page.locator('main[aria-busy="true"]')).toHaveCount(0)
  await walk(page, cdp, 'Experiments')
  await view(page, 'Checkpoints')
  await walk(page, cdp, 'Checkpoints')
})

test('a word that Tab brings into view explains itself there', async ({ page }) => {
  await page.setViewportSize({ width: 1440, height: 420 })
  await openApp(page)
  await run(page)
  await expect(outcome(page)).toBeVisible()
  /** Where the next word with an explanation outside the screen is; the focus on what comes before it. */
  const isOutside = await page.evaluate(() => {
    const stops = [...document.querySelectorAll<HTMLElement>('button, [tabindex="0"]')].filter((stop) => stop.checkVisibility())
    const at = stops.findIndex((stop, i) => i > 0 && stop.matches('.term') && stop.getBoundingClientRect().top > innerHeight)
    stops[at - 1]?.focus({ preventScroll: true })
    return at > 0
  })
  expect(isOutside).toBe(true)
  await page.keyboard.press('Tab')
  await expect(page.locator('.term:focus')).toBeInViewport()
  await expect(page.getByRole('tooltip')).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(page.getByRole('tooltip')).toBeHidden()
  // The focus goes on in the very frame in which a card opens: one at a time.
  const open = await page.locator('.term:visible').evaluateAll(async (words) => {
    const frame = () => new Promise((resolve) => { requestAnimationFrame(resolve) })
    for (const word of words.slice(0, 4)) {
      word.focus()
      await frame()
    }
    await new Promise((resolve) => { setTimeout(resolve, 300) })
    return document.querySelectorAll('[role="tooltip"]').length
  })
  expect(open).toBe(1)
})
