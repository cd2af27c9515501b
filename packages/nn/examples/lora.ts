// An adapter of SmolLM2, Qwen or Llama learns a text, and is written as PEFT loads it.
// npx tsx lora.ts MODEL TEXT.txt OUT [STEPS]   (MODEL: a folder in Hugging Face form, or a GGUF file)
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { createLora, openModel, Tokenizer } from '@agemem/nn/lora'
import { filesInFolder } from '@agemem/nn/node'
import { createRuntime } from '@agemem/nn/runtime'

export async function learn(path: string, textPath: string, out: string, steps: number): Promise<number[]> {
  const runtime = await createRuntime()
  const model = await openModel(await filesInFolder(path), runtime)
  const tokenizer = new Tokenizer(model.tokenizer)
  const ids = tokenizer.encode(await readFile(textPath, 'utf8'))
  const length = Math.min(128, ids.length)
  const lora = await createLora(runtime, model, { rank: 8, window: 256 })
  const losses: number[] = []
  for (let step = 0; step < steps; step++) {
    // Two stretches of the text a step, from places that wander over all of it.
    const stretches = [0, 1].map((k) => Math.floor((((2 * step + k) * Math.SQRT2) % 1) * (ids.length - length + 1)))
    const { loss, gradientNorm } = await lora.step(stretches.map((at) => ({ ids: ids.slice(at, at + length) })), 1e-3)
    losses.push(loss)
    console.log(`step ${step + 1}: ${loss.toFixed(3)} nats a token, gradient ${gradientNorm.toFixed(2)}`)
  }
  console.log(tokenizer.decode([...ids.slice(0, 12), ...(await lora.generate(ids.slice(0, 12), { tokens: 40, temperature: 0 }))]))
  const { config, model: tensors } = await lora.save(path)
  await mkdir(out, { recursive: true })
  await writeFile(`${out}/adapter_config.json`, config)
  await writeFile(`${out}/adapter_model.safetensors`, tensors)
  await lora.dispose()
  await runtime.dispose()
  return losses
}

const [path, text, out, steps = '20'] = process.argv.slice(2)
if (path && text && out) await learn(path, text, out, Number(steps))
