// Which addresses files may be fetched from: https, and http on this machine alone. Fetches nothing.

const isLoopback = (host: string) => host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]'

export type AddressFault = 'no-address' | 'credentials' | 'scheme'

/**
 * Why nothing is fetched from this address; null: it may be.
 * @param own origin of the page, from where its own files come however it is served
 */
export function addressFault(text: string, own: string | null = null): AddressFault | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url) return 'no-address'
  if (url.username !== '' || url.password !== '') return 'credentials'
  if (own !== null && url.origin === own) return null
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return null
  return 'scheme'
}

const problems: Record<AddressFault, string> = {
  'no-address': 'is not an address',
  credentials: 'must not hold a name and password',
  scheme: 'must begin with https:// (http:// only for this machine, such as http://localhost/)',
}

/** The fault as the end of a sentence. */
export function addressProblem(text: string, own: string | null = null): string | null {
  const fault = addressFault(text, own)
  return fault && problems[fault]
}
