// Which addresses files may be fetched from: https, and http on this machine alone. Fetches nothing.

const isLoopback = (host: string) => host === 'localhost' || host.endsWith('.localhost') || /^127(\.\d+){3}$/.test(host) || host === '[::1]'

/**
 * Why nothing is fetched from this address, as the end of a sentence; null: it may be.
 * @param own origin of the page, from where its own files come however it is served
 */
export function addressProblem(text: string, own: string | null = null): string | null {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url) return 'is not an address'
  if (url.username !== '' || url.password !== '') return 'must not hold a name and password'
  if (own !== null && url.origin === own) return null
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return null
  return 'must begin with https:// (http:// only for this machine, such as http://localhost/)'
}
