// An animated WebP of screenshots, made with a browser's own encoder: each frame is the rectangle that has changed
// since the one before. https://developers.google.com/speed/webp/docs/riff_container
import { Buffer } from 'node:buffer'

/** Runs in the page: the changed rectangle of each frame as a still WebP. The format has even positions. */
async function encodeFrames({ frames, width, height, quality }) {
  const draw = () => {
    const canvas = new OffscreenCanvas(width, height)
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
    context.imageSmoothingQuality = 'high'
    return { canvas, context }
  }
  const whole = draw()
  const encoded = []
  let before = null
  for (const { png, ms } of frames) {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${png}`)).blob())
    whole.context.drawImage(bitmap, 0, 0, width, height)
    const now = new Uint32Array(whole.context.getImageData(0, 0, width, height).data.buffer)
    let [left, top, right, bottom] = before ? [width, height, 0, 0] : [0, 0, width, height]
    if (before) {
      for (let y = 0, at = 0; y < height; y++) {
        for (let x = 0; x < width; x++, at++) {
          if (now[at] === before[at]) continue
          if (x < left) left = x
          if (x >= right) right = x + 1
          if (y < top) top = y
          bottom = y + 1
        }
      }
    }
    before = now
    if (right <= left) {
      encoded.at(-1).ms += ms
      continue
    }
    left -= left % 2
    top -= top % 2
    const part = new OffscreenCanvas(right - left, bottom - top)
    part.getContext('2d', { alpha: false }).drawImage(whole.canvas, -left, -top)
    const bytes = new Uint8Array(await (await part.convertToBlob({ type: 'image/webp', quality })).arrayBuffer())
    let text = ''
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
    encoded.push({ left, top, width: part.width, height: part.height, ms, webp: btoa(text) })
  }
  return encoded
}

const chunk = (name, body) => {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'latin1')
  head.writeUInt32LE(body.length, 4)
  return Buffer.concat([head, body, Buffer.alloc(body.length % 2)])
}

/** The image data of a still WebP: what follows its header, without the extended one. */
function imageData(webp) {
  const parts = []
  for (let at = 12; at < webp.length; ) {
    const size = webp.readUInt32LE(at + 4)
    const end = at + 8 + size + (size % 2)
    if (['ALPH', 'VP8 ', 'VP8L'].includes(webp.toString('latin1', at, at + 4))) parts.push(webp.subarray(at, end))
    at = end
  }
  return Buffer.concat(parts)
}

/**
 * @param {import('playwright-core').Page} page any page: its encoder is used
 * @param {readonly { png: Buffer, ms: number }[]} frames screenshots, and how long each is shown
 * @param {{ width: number, height: number, quality: number }} options size in px; quality from 0 to 1
 * @returns {Promise<Buffer>} the file
 */
export async function animatedWebp(page, frames, { width, height, quality }) {
  const given = frames.map(({ png, ms }) => ({ png: png.toString('base64'), ms }))
  const encoded = await page.evaluate(encodeFrames, { frames: given, width, height, quality })
  const extended = Buffer.alloc(10)
  extended[0] = 0x02
  extended.writeUIntLE(width - 1, 4, 3)
  extended.writeUIntLE(height - 1, 7, 3)
  // Background, and that it goes round for ever.
  const chunks = [chunk('VP8X', extended), chunk('ANIM', Buffer.from([255, 255, 255, 255, 0, 0]))]
  for (const { left, top, width: wide, height: high, ms, webp } of encoded) {
    const head = Buffer.alloc(16)
    const fields = [left / 2, top / 2, wide - 1, high - 1, Math.min(ms, 0xffffff)]
    fields.forEach((value, i) => head.writeUIntLE(value, 3 * i, 3))
    // Drawn over what is there, which stays.
    head[15] = 0x02
    chunks.push(chunk('ANMF', Buffer.concat([head, imageData(Buffer.from(webp, 'base64'))])))
  }
  const body = Buffer.concat([Buffer.from('WEBP', 'latin1'), ...chunks])
  return chunk('RIFF', body)
}
