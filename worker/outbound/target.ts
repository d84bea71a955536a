import { isLoopback, isPublic, parseAddress } from './addresses.ts'
import type { Resolve } from './resolve.ts'

export type Rules = {
  /** Local runs and tests: this computer may be called, also without TLS. */
  readonly loopback: boolean
  readonly resolve: Resolve
}
export type Target =
  | { readonly ok: true; readonly url: URL }
  /** `later`: it may be called when it can be found out where its name leads. */
  | { readonly ok: false; readonly message: string; readonly later: boolean }

const no = (message: string, later = false): Target => ({ ok: false, message, later })
const MOST_URL = 2_048
/** Names that are never of the public Internet (RFC 6761, 6762, 8375, and what clouds call their insides). */
const INNER_NAMES = /(^|\.)(localhost|local|internal|intranet|lan|home|corp|home\.arpa|test|invalid|onion|localdomain)$/

/** What can be said of a URL by looking at it: for whoever types one in. */
export function readTarget(text: string, rules: Pick<Rules, 'loopback'>): Target {
  if (text.length > MOST_URL) return no(`The address is longer than ${MOST_URL} characters.`)
  const url = URL.parse(text)
  if (url === null) return no('This is not an address such as https://example.org/hook.')
  if (url.username !== '' || url.password !== '') return no('The address must not hold a name or password.')
  const address = parseAddress(url.hostname)
  const here = rules.loopback && (url.hostname === 'localhost' || (address !== undefined && isLoopback(address)))
  if (url.protocol !== 'https:' && !(here && url.protocol === 'http:')) return no('Only https is called.')
  if (here) return { ok: true, url }
  if (address !== undefined)
    return isPublic(address) ? { ok: true, url } : no(`${url.hostname} is not an address of the public Internet.`)
  const name = url.hostname.replace(/\.$/, '')
  if (!name.includes('.') || INNER_NAMES.test(name)) return no(`${url.hostname} is not a name of the public Internet.`)
  return { ok: true, url }
}

/** The same, and where the name leads at this moment. What cannot be found out is not called. */
export async function admit(text: string, rules: Rules): Promise<Target> {
  const target = readTarget(text, rules)
  if (!target.ok) return target
  const { hostname } = target.url
  if (parseAddress(hostname) !== undefined || (rules.loopback && hostname === 'localhost')) return target
  const addresses = await rules.resolve(hostname.replace(/\.$/, '')).catch(() => undefined)
  if (addresses === undefined) return no(`The address of ${hostname} could not be found out.`, true)
  if (addresses.length === 0) return no(`${hostname} has no address.`)
  for (const text of addresses) {
    const address = parseAddress(text)
    const fine = address !== undefined && (isPublic(address) || (rules.loopback && isLoopback(address)))
    if (!fine) return no(`${hostname} leads to ${text}, which is not an address of the public Internet.`)
  }
  return target
}
