// npm run e2e:models: models of one's own in the built page, of each family with its real tokenizer, and a tab that is lost
// while one learns; recorded numbers on an emulated graphics card. Not part of `npm test`: some minutes.
import { join } from 'node:path'
import { defineConfig } from '@playwright/test'
import base from '../../playwright.config.ts'

const root = join(import.meta.dirname, '../..')
// It starts where a configuration stands.
const servers = [base.webServer ?? []].flat().map((server) => ({ ...server, cwd: root }))

// One at a time: each needs both cores.
export default defineConfig({ ...base, testDir: '.', testIgnore: [], workers: 1, retries: 0, webServer: servers })
