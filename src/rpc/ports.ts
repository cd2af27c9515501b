// Ports that a page sends to its workers: to be served, or to reach another worker by.
import { expose, type Served } from './expose.ts'

const marker = 'agemem-rpc:port'

/** The name under which a worker takes the ports that it serves. */
const servedName = 'api'

interface PortMessage {
  rpc: typeof marker
  name: string
  port: MessagePort
}

function isPortMessage(data: unknown): data is PortMessage {
  return typeof data === 'object' && data !== null && 'rpc' in data && data.rpc === marker
}

/** Sends a port to a worker, which takes it with `onPort`. */
export function sendPort(worker: Worker, name: string, port: MessagePort): void {
  const message: PortMessage = { rpc: marker, name, port }
  worker.postMessage(message, [port])
}

/** A new port to what the worker serves. */
export function openServedPort(worker: Worker): MessagePort {
  const { port1, port2 } = new MessageChannel()
  sendPort(worker, servedName, port2)
  return port1
}

/** In a worker: called with every port that is sent under this name. To be set up before the script first waits. */
export function onPort(name: string, take: (port: MessagePort) => void): void {
  self.addEventListener('message', ({ data }) => {
    if (isPortMessage(data) && data.name === name) take(data.port)
  })
}

/** In a worker: serves this object on every port that is opened to it. */
export function serve<Api extends Served<Api> & object>(api: Api): void {
  onPort(servedName, (port) => { expose(api, port) })
}
