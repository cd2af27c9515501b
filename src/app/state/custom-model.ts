// What the page takes as a model by its address, before anything is fetched.
import { z } from 'zod'
import { addressProblem } from '../../core/address.ts'

const address = z
  .string()
  .trim()
  .max(2000, 'is too long')
  .superRefine((text, context) => {
    const problem = addressProblem(text)
    if (problem !== null) context.addIssue({ code: 'custom', message: problem })
  })

/** What the form takes. Names stand in links, so they are plain. */
export const customModelSchema = z.object({
  name: z.string().trim().regex(/^[A-Za-z0-9][\w.-]{0,79}$/, 'needs letters, digits, dots and dashes, 80 at most'),
  url: address.transform((text) => (text.endsWith('/') ? text : `${text}/`)),
  library: address.refine((text) => /\.wasm(?:\?|$)/.test(text), 'needs the address of a .wasm file'),
})
