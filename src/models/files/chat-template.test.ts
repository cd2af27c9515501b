import { describe, expect, it } from 'vitest'
import { ChatTemplate, TemplateLimitError } from './chat-template.ts'

const messages = [{ role: 'user', content: 'Hello.' }]
const render = (source: string) => new ChatTemplate(source, () => performance.now()).render({ messages, add_generation_prompt: true, bos_token: '<s>' })

describe('a chat template', () => {
  it('writes a conversation', () => {
    expect(render("{{ bos_token }}{% for m in messages %}[{{ m.role }}] {{ m['content'] | trim }}{% endfor %}{% if add_generation_prompt %}:{% endif %}")).toBe('<s>[user] Hello.:')
    expect(render('{% for i in range(3) %}{{ i }}{% endfor %} {% for i in range(5, 1, -2) %}{{ i }}{% endfor %} {{ range(2, 1) | length }}{{ none is none }}{{ True }}')).toBe('012 53 0truetrue')
  })
  it('says what it refuses, in its own words', () => {
    expect(() => render("{{ raise_exception('No tools here') }}")).toThrow('No tools here')
  })
  it('knows one day only, so that a prompt is the same tomorrow', () => {
    // 5 January 2026, 9 o'clock, when every episode begins, is a Monday.
    expect(render("{{ strftime_now('%d %b %Y, %A %B %H:%M:%S %m %a %% %q') }}")).toBe('05 Jan 2026, Monday January 09:00:00 01 Mon % %q')
  })
})

describe('a hostile template is stopped', () => {
  it('at a range that fills the memory, at steps without an end, at texts and lists that double', () => {
    const began = performance.now()
    const many = '{% for i in range(90000) %}'
    const hostile = [
      '{% for i in range(300000000) %}x{% endfor %}',
      '{{ range(0, 1, 0) }}',
      `${many}${many}x{% endfor %}{% endfor %}`,
      "{% set ns = namespace(x='xxxxxxxx') %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}",
      '{% set ns = namespace(x=[1, 2]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}',
      "{{ 'a\\nb' | indent(1000000000) }}",
    ]
    for (const source of hostile) expect(() => render(source)).toThrow(TemplateLimitError)
    // The clock alone ends it, and does not when it has not moved.
    let time = 0
    const loop = new ChatTemplate('{% for i in range(1000) %}{% for j in range(10) %}x{% endfor %}{% endfor %}', () => (time += 1))
    expect(() => loop.render({ messages })).not.toThrow()
    const slow = new ChatTemplate('{% for i in range(1000) %}{% for j in range(10) %}x{% endfor %}{% endfor %}', () => (time += 100))
    expect(() => slow.render({ messages })).toThrow('stopped after 3 seconds')
    expect(() => render('{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}')).toThrow()
    expect(() => new ChatTemplate('x'.repeat(600_000), () => 0)).toThrow(TemplateLimitError)
    // Seconds on a busy machine, where it was minutes or the end of the process.
    expect(performance.now() - began).toBeLessThan(30_000)
  }, 60_000)
})
