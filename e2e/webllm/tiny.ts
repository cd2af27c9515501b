// The part of the opt-in test that needs no library: a tiny model learns on WebGPU from buffers that another program reads, as
// WebLLM's are (e2e/harness/live.worker.ts). What is WebLLM's own is not in it.
import { openHarness } from '../harness/open.ts'

type Check = (what: string, holds: boolean, found: unknown) => void

const gap = (a: readonly number[], b: readonly number[]) => Math.max(...a.map((value, i) => Math.abs(value - (b[i] ?? NaN))))
const same = (a: readonly number[], b: readonly number[]) => a.length > 0 && a.length === b.length && a.every((value, i) => Object.is(value, b[i]))

export async function checkTiny(check: Check): Promise<void> {
  const harness = await openHarness()
  try {
    const { before, fresh, after, trained, reference, reset, last, applied, learning, cycles, trainings, apart } = await harness.learns()
    check('a fresh adapter changes nothing, within 1e-5', gap(before, fresh) < 1e-5, gap(before, fresh))
    check('after a GRPO step with a large rate who reads the buffers says what the trainer says, within 1e-5', applied && gap(after, trained) < 1e-5, gap(after, trained))
    check('and not what it said before', gap(after, before) > 0.1, gap(after, before))
    check('the reference is the base model all the while', gap(reference, before) < 1e-5, gap(reference, before))
    check('when the training has ended the weights are as before, bit for bit', same(reset, before), reset)
    check('and after ten adapters put on and off, and ten trainings', same(last, before), last)
    const [first = NaN] = cycles
    check('ten adapters put on and off leave the memory where it was', cycles.every((each) => each === 0 || each === first), { learning, cycles })
    // onnxruntime-web 1.30 frees the constants of released sessions when the last session of their device is released.
    const growth = trainings.map((each, i) => each - (trainings[i - 1] ?? first))
    check('ten trainings leave but the constants of their programs, which onnxruntime keeps while somebody else has a session', growth.every((each) => each === growth[0] && each < learning / 10), growth)
    check('and nothing where the trainer’s sessions are the only ones, as in the page', apart.every((each) => each === 0), apart)
  } finally {
    await harness.close()
  }
}
