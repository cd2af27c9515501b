import { expect, it } from 'vitest'
import { prebuiltAppConfig } from '@mlc-ai/web-llm'
import { listed } from './list.ts'

it('says of each model what the installed WebLLM says', () => {
  expect(listed.length).toBeGreaterThan(40)
  for (const { id, url, library, vramMegabytes, window, history } of listed) {
    const record = prebuiltAppConfig.model_list.find(({ model_id }) => model_id === id)
    expect(record, id).toMatchObject({ model: url, model_lib: library, vram_required_MB: vramMegabytes })
    expect([record?.overrides?.context_window_size ?? null, record?.overrides?.max_history_size ?? null], id).toEqual([window, history])
  }
})
