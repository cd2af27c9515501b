// What the page takes as a model by its address, before anything is fetched.
import { z } from 'zod'

const address = z.string().trim().max(2000, 'is too long').regex(/^https:\/\/[^\s]+$/, 'needs an address that begins with https://').refine((text) => URL.canParse(text), 'is not an address')

/** What the form takes. Names stand in links, so they are plain. */
export const customModelSchema = z.object({
  name: z.string().trim().regex(/^[A-Za-z0-9][\w.-]{0,79}$/, 'needs letters, digits, dots and dashes, 80 at most'),
  url: address.transform((text) => (text.endsWith('/') ? text : `${text}/`)),
  library: address.refine((text) => /\.wasm(?:\?|$)/.test(text), 'needs the address of a .wasm file'),
})
