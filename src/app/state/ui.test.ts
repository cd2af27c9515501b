// What the page itself remembers.
import { describe, expect, it } from 'vitest'
import { createUiStore, lifetimeOf, tourSeen } from './ui.ts'

function remembered(kept: Record<string, string> = {}) {
  const values = new Map(Object.entries(kept))
  return { values, get: (key: string) => values.get(key) ?? null, set: (key: string, value: string) => { values.set(key, value) } }
}
const texts = (ui: ReturnType<typeof createUiStore>) => ui.getState().notices.map(({ text }) => text)

describe('notices', () => {
  it('leave by themselves when they are good news, and stay when they are not', () => {
    expect([lifetimeOf('info'), lifetimeOf('warn'), lifetimeOf('error')]).toEqual([8000, null, null])
  })
  it('are the newest four, the same words once, and one of a topic', () => {
    const ui = createUiStore(remembered(), ['en'])
    const { notify } = ui.getState()
    for (const text of ['a', 'b', 'a']) notify({ tone: 'info', text })
    expect(texts(ui)).toEqual(['b', 'a'])
    notify({ tone: 'info', topic: 'export', text: 'step 1' })
    notify({ tone: 'info', topic: 'export', text: 'step 2' })
    expect(texts(ui)).toEqual(['b', 'a', 'step 2'])
    for (const text of ['c', 'd']) notify({ tone: 'warn', text })
    expect(texts(ui)).toEqual(['a', 'step 2', 'c', 'd'])
  })
  it('go when they are dismissed', () => {
    const ui = createUiStore(remembered(), ['en'])
    const [first] = ['a', 'b'].map((text) => ui.getState().notify({ tone: 'error', text }))
    ui.getState().dismiss(first ?? 0)
    expect(texts(ui)).toEqual(['b'])
  })
})

describe('what is remembered', () => {
  it('is the theme, if it is one', () => {
    expect(createUiStore(remembered({ 'agemem.theme': 'dark' }), ['en']).getState().theme).toBe('dark')
    expect(createUiStore(remembered({ 'agemem.theme': 'pink' }), ['en']).getState().theme).toBe('system')
  })
  it('is that the tour was seen, once it is over', () => {
    const kept = remembered()
    const ui = createUiStore(kept, ['en'])
    ui.getState().setTour('playing')
    expect(tourSeen(kept)).toBe(false)
    ui.getState().setTour('handover')
    expect(tourSeen(kept)).toBe(true)
  })
})

describe('the language', () => {
  it('is what was chosen, else the first of the browser’s that the page speaks', async () => {
    const kept = remembered()
    const ui = createUiStore(kept, ['fr-CA', 'zh-TW', 'en'])
    await ui.getState().setLanguage(null)
    expect(ui.getState()).toMatchObject({ language: null, spoken: 'zh' })
    await ui.getState().setLanguage('en')
    expect(ui.getState().spoken).toBe('en')
    expect(createUiStore(kept, ['zh']).getState().language).toBe('en')
  })
  it('of two that were asked for is the later one', async () => {
    const ui = createUiStore(remembered(), ['fr'])
    await Promise.all([ui.getState().setLanguage('zh'), ui.getState().setLanguage('en')])
    expect(ui.getState().spoken).toBe('en')
  })
})
