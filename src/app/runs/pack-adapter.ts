// An adapter as a zip in PEFT's form, written. lab/files/peft-zip.ts reads it.
import { zipSync } from 'fflate'
import type { PeftFiles } from '../../core/policy/trainable.ts'

/** Not packed any tighter: weights do not shrink. */
export function packAdapter({ config, model }: PeftFiles): Uint8Array<ArrayBuffer> {
  return zipSync({
    'adapter_config.json': new TextEncoder().encode(config),
    'adapter_model.safetensors': [model, { level: 0 }],
  })
}
