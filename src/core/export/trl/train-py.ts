// The script that goes on with a run in TRL: step-wise GRPO as the playground has it, over TRL's own loss.
import { threadPy } from '../python/thread-py.ts'
import { beginPy } from './begin-py.ts'
import { mainPy } from './main-py.ts'
import { samplesPy } from './samples-py.ts'
import { trainerPy } from './trainer-py.ts'

/** train_agemem.py */
export const trainPy = [beginPy, threadPy, samplesPy, trainerPy, mainPy].join('\n\n\n')
