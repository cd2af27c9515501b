// How the page sits in a wide and a narrow window, in light and dark, and for people who use the keyboard or a screen
// reader.
import type { Locator, Page } from '@playwright/test'
import { control, drop, episodeRows, expect, notices, openApp, openLibrary, outcome, part, playback, run, slider, speed, test } from './page.ts'

/** What sticks out of the window at the right or left, in words; what scrolls inside a pane does not count. */
const outside = (page: Page) =>
  page.evaluate(() => {
    const scrolls = (element: Element | null): boolean => element !== null && (getComputedStyle(element).overflowX !== 'visible' || scrolls(element.parentElement))
    return [...document.querySelectorAll('body *')]
      .filter((element) => {
        const { left, right, width, height } = element.getBoundingClientRect()
        return width > 1 && height > 1 && (right > innerWidth + 1 || left < -1) && !scrolls(element.parentElement)
      })
      .map((element) => `<${element.tagName.toLowerCase()} class="${element.getAttribute('class') ?? ''}"> ${(element.textContent ?? '').slice(0, 40)}`)
  })

async function expectNoSidewaysScrolling(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBeLessThanOrEqual(0)
  expect(await outside(page)).toEqual([])
}

/** Panes that may scroll down must not scroll sideways. */
async function expectPanesFit(page: Page): Promise<void> {
  expect(
    await page.evaluate(() =>
      [...document.querySelectorAll('body *')]
        .filter((element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1 && element.clientWidth > 1)
        .map((element) => `${element.getAttribute('class') ?? element.tagName}: ${element.scrollWidth} in ${element.clientWidth}`),
    ),
  ).toEqual([])
}

/** Every point that matters of it can be hit: nothing lies over it. */
async function expectUncovered(locator: Locator): Promise<void> {
  for (const each of await locator.all()) {
    expect(
      await each.evaluate((element) => {
        const { left, top, width, height } = element.getBoundingClientRect()
        const hit = document.elementFromPoint(left + width / 2, top + height / 2)
        return hit !== null && (element.contains(hit) || hit.contains(element)) ? 'uncovered' : `${element.outerHTML.slice(0, 80)} is under ${hit?.outerHTML.slice(0, 80) ?? 'nothing: it is outside'}`
      }),
    ).toBe('uncovered')
  }
}

/** Controls that an accessibility tree lists without a name. */
async function nameless(page: Page): Promise<string[]> {
  const tree = await page.locator('body').ariaSnapshot()
  return tree.split('\n').filter((line) => /^\s*- (button|link|slider|combobox|textbox|spinbutton|radio|tab|menuitem|checkbox|dialog|img|meter)(?![a-z]| ["/])/.test(line.replaceAll("'", '')))
}

/**
 * What of it cannot be read, in words: text that lies outside the window, or that a box around it cuts off. What can be
 * scrolled to can be read, and what ends in an ellipsis says that it goes on.
 */
const cutOff = (locator: Locator) =>
  locator.evaluate((root) => {
    const inside = ({ left, right, top, bottom }: DOMRect, box: Pick<DOMRect, 'left' | 'right' | 'top' | 'bottom'>) => left >= box.left - 1 && right <= box.right + 1 && top >= box.top - 1 && bottom <= box.bottom + 1
    const page = { left: 0, right: innerWidth, top: 0, bottom: innerHeight }
    const problems = inside(root.getBoundingClientRect(), page) ? [] : [`${root.className} lies at ${JSON.stringify(root.getBoundingClientRect())}`]
    const texts = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
    for (let text = texts.nextNode(); text; text = texts.nextNode()) {
      const range = document.createRange()
      range.selectNodeContents(text)
      for (const line of range.getClientRects()) {
        if (line.width <= 1 || line.height <= 1) continue
        for (let at = text.parentElement; ; at = at.parentElement) {
          if (!at) {
            if (!inside(line, page)) problems.push(`outside the window: ${text.textContent ?? ''}`)
            break
          }
          const { overflowX, overflowY, textOverflow, webkitLineClamp } = getComputedStyle(at)
          if (textOverflow === 'ellipsis' || webkitLineClamp !== 'none' || at.classList.contains('unseen') || [overflowX, overflowY].some((each) => each === 'auto' || each === 'scroll')) break
          const { left, right, top, bottom } = at.getBoundingClientRect()
          const cuts = { left: overflowX === 'visible' ? -Infinity : left, right: overflowX === 'visible' ? Infinity : right, top: overflowY === 'visible' ? -Infinity : top, bottom: overflowY === 'visible' ? Infinity : bottom }
          if (!inside(line, cuts)) {
            problems.push(`cut off by ${at.className}: ${text.textContent ?? ''}`)
            break
          }
        }
      }
    }
    return problems
  })

const timeline = (page: Page) => page.getByRole('contentinfo', { name: 'Timeline' })
const tabs = (page: Page) => page.getByRole('tablist', { name: 'Memories and task' })

for (const width of [1440, 800] as const) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test.describe(`${width} px, ${colorScheme}`, () => {
      test.use({ viewport: { width, height: 900 }, colorScheme })

      test('nothing scrolls sideways, nothing lies over the timeline', async ({ page }) => {
        await openApp(page)
        await expectNoSidewaysScrolling(page)
        const [red = 0, green = 0, blue = 0] = await page.evaluate(() => {
          const canvas = document.createElement('canvas').getContext('2d')
          if (!canvas) return []
          canvas.fillStyle = getComputedStyle(document.documentElement).backgroundColor
          canvas.fillRect(0, 0, 1, 1)
          return [...canvas.getImageData(0, 0, 1, 1).data]
        })
        if (colorScheme === 'dark') expect(Math.max(red, green, blue)).toBeLessThan(70)
        else expect(Math.min(red, green, blue)).toBeGreaterThan(200)

        await run(page)
        await expectNoSidewaysScrolling(page)
        await expectPanesFit(page)
        for (const step of ['First step', 'Step forward', 'Last step']) {
          await playback(page, step).click()
          await expectNoSidewaysScrolling(page)
          await expectUncovered(timeline(page).getByRole('button'))
          await expectUncovered(slider(page))
          await expectUncovered(speed(page))
        }
        // A notice comes up beside it, not over it.
        await drop(page, 'letter.json', 'Dear all')
        await expect(notices(page)).toContainText('letter.json')
        await expectUncovered(timeline(page).getByRole('button'))
        await expectUncovered(slider(page))
        await expectUncovered(control(page, 'Run'))
        await expectNoSidewaysScrolling(page)
        await openLibrary(page)
        await expect(episodeRows(page)).toHaveCount(1)
        await expectNoSidewaysScrolling(page)
      })

      test('every part of the sentence opens inside the window', async ({ page }) => {
        await openApp(page)
        for (const label of ['Policy', 'Task number', 'Task source', 'Experiment settings', 'Reward']) {
          await part(page, label).click()
          await expect(page.getByRole('dialog', { name: label })).toBeVisible()
          await expectNoSidewaysScrolling(page)
          expect(await nameless(page)).toEqual([])
          await page.keyboard.press('Escape')
        }
        await page.getByRole('button', { name: 'Examples' }).click()
        await expect(page.getByRole('menu')).toBeVisible()
        await expectNoSidewaysScrolling(page)
        await page.keyboard.press('Escape')
        await page.getByRole('button', { name: 'Help' }).click()
        await expect(page.getByRole('dialog')).toBeVisible()
        await expectNoSidewaysScrolling(page)
      })
    })
  }
}

test('at 800 px the memories are tabs, and none of them is cut off', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 900 })
  await openApp(page)
  await run(page)
  await expect(page.getByRole('list', { name: 'Entries of the long-term memory' })).toBeVisible()
  await tabs(page).getByRole('tab', { name: /^Short-term memory/ }).click()
  await expect(page.getByRole('list', { name: 'Messages in the context' })).toBeVisible()
  await expectPanesFit(page)
  await tabs(page).getByRole('tab', { name: 'Task' }).click()
  await expect(page.getByRole('tabpanel')).toContainText('expected')
  await expectPanesFit(page)
  await expectUncovered(timeline(page).getByRole('button'))
})

test('the introduction lies over no control of the timeline, wide or narrow', async ({ page }) => {
  await page.goto('./')
  await expect(slider(page)).toBeVisible()
  await expect(page.getByRole('complementary', { name: 'Introduction' })).toBeVisible()
  await expectUncovered(timeline(page).getByRole('button'))
  await page.setViewportSize({ width: 800, height: 700 })
  await expectNoSidewaysScrolling(page)
  await expectUncovered(timeline(page).getByRole('button'))
  await expectUncovered(slider(page))
})

/** What the introduction says, one after the other; the end of a play in the words of its episode. */
const captions = [
  'nano as it comes decides what to keep.',
  'The conversation is wiped.',
  'Now the question.',
  'It forgot.',
  'The same task, after training.',
  'Wiped again, and noise again.',
  'The same question.',
  'It remembered.',
  'Train it yourself.',
]

const widths = [1440, 1280, 1024, 800]

test('no caption of the introduction is cut off, wide or narrow', async ({ page }) => {
  test.slow()
  // Still, so that each caption stays until it was looked at.
  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.goto('./')
  const introduction = page.getByRole('complementary', { name: 'Introduction' })
  for (const [i, caption] of captions.entries()) {
    // Until a step of it is there, there is nothing to go on to.
    await expect(async () => {
      if (i > 0 && !(await introduction.innerText()).includes(caption)) await introduction.getByRole('button', { name: 'Next' }).click()
      await expect(introduction).toContainText(caption, { timeout: 500 })
    }).toPass()
    for (const width of widths) {
      for (const height of [700, 900]) {
        await page.setViewportSize({ width, height })
        expect(await cutOff(introduction), `${width} × ${height}`).toEqual([])
        await expectUncovered(introduction.getByRole('button'))
        await expectNoSidewaysScrolling(page)
      }
    }
  }
})

test('nothing that opens over the page is cut off, wide or narrow', async ({ page }) => {
  test.slow()
  const [widest = 0] = widths
  await page.setViewportSize({ width: widest, height: 700 })
  await openApp(page)
  /** Looks at what is open at every width. */
  const lookAt = async (opened: Locator, name: string) => {
    for (const width of widths) {
      await page.setViewportSize({ width, height: 700 })
      // It moves to where it has room.
      await expect.poll(() => cutOff(opened), `${name} at ${width} px`).toEqual([])
      await expectNoSidewaysScrolling(page)
    }
    await page.setViewportSize({ width: widest, height: 700 })
  }
  /** Opens it, looks, closes it. */
  const look = async (opener: Locator, opened: Locator) => {
    const name = await opener.innerText()
    await opener.click()
    await expect(opened).toBeVisible()
    await lookAt(opened, name)
    await page.keyboard.press('Escape')
    await expect(opened).toHaveCount(0)
    // The focus goes back to it when all has closed, and would take whatever was focused in between away.
    await expect(opener).toBeFocused()
  }
  const view = (name: string) => page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) }).click()
  const parts = async (sentence: string) => {
    const openers = page.getByRole('region', { name: sentence }).locator('button[aria-haspopup="dialog"]')
    // A view comes from a file of its own.
    await expect(openers.first()).toBeVisible()
    for (const opener of await openers.all()) await look(opener, page.getByRole('dialog'))
  }
  await parts('What Run plays')
  await look(page.getByRole('button', { name: 'Examples' }), page.getByRole('menu'))
  await look(page.getByRole('button', { name: 'Help' }), page.getByRole('dialog'))
  await run(page)
  await drop(page, 'letter.json', 'Dear all')
  await expect(notices(page)).toContainText('letter.json')
  await lookAt(notices(page).locator('li').first(), 'a notice')
  await notices(page).getByRole('button', { name: 'Dismiss' }).first().click()
  await openLibrary(page)
  await look(episodeRows(page).nth(0).getByRole('button', { name: /^More for/ }), page.getByRole('menu'))
  await view('Train')
  await parts('Plan of the run')
  await page.getByRole('button', { name: 'All settings' }).click()
  await expectNoSidewaysScrolling(page)
  // A word at the edge of the window, and its card.
  for (const width of widths) {
    await page.setViewportSize({ width, height: 700 })
    await page.locator('.plan-line .term').first().focus()
    await expect(page.locator('.hover-card')).toBeVisible()
    expect(await cutOff(page.locator('.hover-card')), `${width} px`).toEqual([])
    await page.getByRole('button', { name: 'All settings' }).focus()
    await expect(page.locator('.hover-card')).toHaveCount(0)
  }
})

test('everything that can be pressed has a name', async ({ page }) => {
  await openApp(page)
  expect(await nameless(page)).toEqual([])
  await run(page)
  expect(await nameless(page)).toEqual([])
  for (const row of await outcome(page).locator('.reward-row > button').all()) await row.click()
  expect(await nameless(page)).toEqual([])
  await openLibrary(page)
  expect(await nameless(page)).toEqual([])
})

test('the keyboard alone reaches Run, plays, and goes through the episode', async ({ page }) => {
  await openApp(page)
  const focused = () => page.evaluate(() => document.activeElement?.textContent?.trim() ?? '')
  let presses = 0
  do {
    await page.keyboard.press('Tab')
    presses++
  } while ((await focused()) !== 'Run' && presses < 30)
  expect(presses).toBeLessThan(25)
  await expect(control(page, 'Run')).toBeFocused()
  // Where the focus is can be seen.
  expect(await control(page, 'Run').evaluate((button) => { const { outlineStyle, boxShadow } = getComputedStyle(button); return outlineStyle !== 'none' || boxShadow !== 'none' })).toBe(true)
  await page.keyboard.press('Enter')
  await speed(page).focus()
  await page.keyboard.press('End')
  await expect(outcome(page)).toBeVisible()
  await slider(page).focus()
  await page.keyboard.press('Home')
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '1')
  await expect(slider(page)).toHaveAttribute('aria-valuetext', /^Step 1 of \d+, stage 1: /)
})

test('the colours can be chosen, and are remembered', async ({ page }) => {
  await openApp(page)
  await page.getByRole('button', { name: 'Colours: as the system has it' }).click()
  await page.getByRole('button', { name: 'Colours: light' }).click()
  await expect(page.getByRole('button', { name: 'Colours: dark' })).toBeVisible()
  const background = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor)
  const dark = await background()
  await page.reload()
  await expect(page.getByRole('button', { name: 'Colours: dark' })).toBeVisible()
  expect(await background()).toBe(dark)
  await page.getByRole('button', { name: 'Colours: dark' }).click()
  expect(await background()).not.toBe(dark)
})

test('words without an end make nothing scroll sideways', async ({ page }) => {
  await page.setViewportSize({ width: 800, height: 800 })
  await openApp(page)
  const long = 'x'.repeat(1900)
  await drop(page, 'long.json', JSON.stringify([{ question: long, answer: 'a', context: [['t', [`${long}.`]]], supporting_facts: [['t', 0]] }]))
  await run(page)
  const wide = () => page.evaluate(() => [...document.querySelectorAll('body *')].filter((each) => ['auto', 'scroll'].includes(getComputedStyle(each).overflowX) && each.scrollWidth > each.clientWidth + 1).map((each) => each.getAttribute('class')))
  expect(await wide()).toEqual([])
  await openLibrary(page)
  expect(await wide()).toEqual([])
})

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  /** Controls with less than 40 px to hit, in words. A link within text may be as small as its words. */
  const small = (page: Page) =>
    page.evaluate(() => {
      const controls = document.querySelectorAll('button:not(.link), select, input:not([type="checkbox"], [type="radio"]), summary, [role="tab"], [role="slider"]')
      return [...controls].flatMap((control) => {
        const { width, height } = control.getBoundingClientRect()
        if (!control.checkVisibility() || width <= 1 || getComputedStyle(control).pointerEvents === 'none') return []
        // What reaches around it without being seen.
        const around = getComputedStyle(control, '::after')
        const [wide, high] = [Math.max(width, parseFloat(around.width) || 0), Math.max(height, parseFloat(around.height) || 0)]
        const thumb = control.closest('.slider')
        const enough = thumb ? thumb.getBoundingClientRect().height >= 40 : wide >= 39.5 && high >= 39.5
        return enough ? [] : [`${control.className} “${(control.ariaLabel ?? control.textContent).slice(0, 30)}” ${wide.toFixed(0)} × ${high.toFixed(0)}`]
      })
    })

  test('nothing is cut off or too small for a finger in any view, and a finger scrubs', async ({ page, context }) => {
    await openApp(page)
    await run(page)
    for (const name of ['Watch', 'Train', 'Group', 'Compare', 'Models', 'Experiments', 'Checkpoints', 'Episodes']) {
      await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: new RegExp(`^${name}`) }).tap()
      await expect(page.locator('main[aria-busy="true"]')).toHaveCount(0)
      await expectNoSidewaysScrolling(page)
      expect.soft(await small(page), name).toEqual([])
    }
    await page.getByRole('navigation', { name: 'Views' }).getByRole('button', { name: 'Watch' }).tap()
    const box = await slider(page).boundingBox()
    if (!box) throw new Error('The timeline is not there.')
    const devtools = await context.newCDPSession(page)
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', share: number) => devtools.send('Input.dispatchTouchEvent', {
      type,
      touchPoints: type === 'touchEnd' ? [] : [{ x: box.x + share * box.width, y: box.y + box.height / 2 }],
    })
    await touch('touchStart', 0.02)
    await expect(slider(page)).toHaveAttribute('aria-valuenow', '1')
    for (const share of [0.2, 0.4, 0.6]) await touch('touchMove', share)
    await expect.poll(async () => Number(await slider(page).getAttribute('aria-valuenow'))).toBeGreaterThan(6)
    await touch('touchEnd', 0.6)
  })
})

test('on paper the episode is text to its end, without controls', async ({ page }) => {
  await openApp(page)
  await run(page)
  await page.keyboard.press('Home')
  // As the browser tells before it prints.
  await page.evaluate(() => { dispatchEvent(new Event('beforeprint')) })
  await page.emulateMedia({ media: 'print' })
  await expect(outcome(page)).toBeVisible()
  await expect(page.getByRole('region', { name: 'Conversation' })).toBeVisible()
  expect(await page.evaluate(() => document.documentElement.scrollHeight > 2 * innerHeight)).toBe(true)
  for (const gone of [timeline(page), control(page, 'Run'), page.getByRole('navigation', { name: 'Views' })]) await expect(gone).toBeHidden()
  await page.emulateMedia({ media: 'screen' })
  await page.evaluate(() => { dispatchEvent(new Event('afterprint')) })
  await expect(slider(page)).toHaveAttribute('aria-valuenow', '1')
})
