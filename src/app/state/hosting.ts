// How the page was served: whether it may use threads, and whether a newer version of it is there.
import { createStore, type StoreApi } from 'zustand'
import type { Remembered } from './ui.ts'

const toldKey = 'agemem.one-thread'

export interface HostingState {
  /** The page has one thread where the machine has more, and the visitor has not waved it away. */
  oneThread: boolean
  /** waiting: a new version is here, whole. elsewhere: another tab has loaded it, and this one goes on as it was. */
  version: 'latest' | 'waiting' | 'elsewhere'
  /** Loads the page with the new version; set when there is one. */
  load: () => void
  setVersion(version: HostingState['version']): void
  setLoad(load: () => void): void
  dismissOneThread(): void
}

export type HostingStore = StoreApi<HostingState>

/** @param isolated whether the browser lets the page use threads. @param cores of the machine */
export function createHostingStore(remembered: Remembered, isolated: boolean, cores: number): HostingStore {
  return createStore<HostingState>((set) => ({
    oneThread: !isolated && cores > 1 && remembered.get(toldKey) === null,
    version: 'latest',
    load: () => undefined,
    setVersion: (version) => { set({ version }) },
    setLoad: (load) => { set({ load }) },
    dismissOneThread() {
      remembered.set(toldKey, 'told')
      set({ oneThread: false })
    },
  }))
}
