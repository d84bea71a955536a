const MAC = /^[0-9a-f]{2}([:-][0-9a-f]{2}){5}$/i

/** In a narrow column, of a MAC address the half that tells adapters apart. */
export function shortAddress(address: string): string {
  if (!MAC.test(address)) return address
  return /^(ff.){5}ff$/i.test(address) ? 'broadcast' : `…${address.slice(8)}`
}
