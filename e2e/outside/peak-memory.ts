// How much memory a browser that was started here has needed.
import { readdirSync, readFileSync } from 'node:fs'

const status = (pid: string) => readFileSync(`/proc/${pid}/status`, 'utf8')

/** Whether a process was started by this one, or by one that was. */
function isOurs(pid: string): boolean {
  for (let at = pid; at !== '0' && at !== '1'; ) {
    if (at === String(process.pid)) return true
    at = /PPid:\s+(\d+)/.exec(status(at))?.[1] ?? '0'
  }
  return false
}

let peak: number | null = null

/** The largest peak of a page's process that was seen so far, GiB; null where /proc is not there. */
export function peakMemory(): number | null {
  try {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      try {
        if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('--type=renderer') || !isOurs(pid)) continue
        peak = Math.max(peak ?? 0, Number(/VmHWM:\s+(\d+) kB/.exec(status(pid))?.[1] ?? 0) / 2 ** 20)
      } catch {
        // It has ended meanwhile.
      }
    }
  } catch {
    return null
  }
  return peak
}

/** Looks every second until it is stopped: the peak that the kernel tells was seen to fall again. */
export function watchMemory(): () => void {
  const timer = setInterval(peakMemory, 1000)
  return () => { clearInterval(timer) }
}
