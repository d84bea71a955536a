import type { Json } from '../../../../engine/sim/json.ts'
import { type Fields, flagOf, numberOf, textOf, watch } from '../../events.ts'
import type { Got, Io, Need } from '../../io.ts'
import type { HttpUrl } from './url.ts'

export type Ask = {
  readonly url: HttpUrl
  readonly method: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body?: string
  readonly connectTo?: string
  readonly family?: 4 | 6
  readonly source?: string
  readonly connectTimeoutMs?: number
  readonly timeoutMs?: number
  /** Octets of the body are told as they come; else only counted. */
  readonly wantsBody: boolean
  /** Whoever hears the body does nothing but print it: it need not be remembered. */
  readonly onlyPrints: boolean
}

/** What came of it. Times are lab microseconds since it was begun. */
export type Told = {
  readonly kind: 'ok' | 'unresolved' | 'refused' | 'timeout' | 'unreachable' | 'no-route' | 'error' | 'interrupted'
  readonly reason: string
  readonly code: string
  readonly address: string
  readonly status: number
  readonly headers: readonly (readonly [string, string])[]
  readonly received: number
  readonly resolvedAt: number
  readonly connectedAt: number
  readonly firstAt: number
  readonly endedAt: number
  readonly local: string
  readonly localPort: number
  readonly connected: boolean
}

export type Listeners = {
  readonly resolved?: (address: string) => void
  readonly connected?: (address: string) => void
  readonly sent?: (head: string) => void
  readonly head?: (head: string, status: number) => void
  readonly data?: (octets: string) => void
}

/** One request and its answer, by the program `http`. */
export function* exchange(io: Io, ask: Ask, listeners: Listeners): Generator<Need, Told, Got> {
  const begun = io.kernel.clock().now
  const since = (): number => io.kernel.clock().now - begun
  let told: Told = {
    kind: 'error',
    reason: '',
    code: '',
    address: '',
    status: 0,
    headers: [],
    received: 0,
    resolvedAt: 0,
    connectedAt: 0,
    firstAt: 0,
    endedAt: 0,
    local: '',
    localPort: 0,
    connected: false,
  }
  const { url } = ask
  const args = {
    host: url.host,
    port: url.port,
    method: ask.method,
    target: url.target,
    headers: ask.headers,
    output: ask.wantsBody ? 'events' : 'count',
    ...(ask.connectTo === undefined ? {} : { connectTo: ask.connectTo }),
    ...(ask.family === undefined ? {} : { family: ask.family }),
    ...(ask.source === undefined ? {} : { source: ask.source }),
    ...(ask.body === undefined ? {} : { body: ask.body }),
    ...(ask.connectTimeoutMs === undefined ? {} : { connectTimeoutMs: ask.connectTimeoutMs }),
    ...(ask.timeoutMs === undefined ? {} : { timeoutMs: ask.timeoutMs }),
  } as unknown as Json
  const { interrupted } = yield* watch(
    io,
    'http',
    args,
    (event) => {
      const kind = textOf(event, 'kind')
      switch (kind) {
        case 'started':
          told = { ...told, address: textOf(event, 'address'), resolvedAt: since() }
          listeners.resolved?.(told.address)
          return
        case 'connected':
          told = {
            ...told,
            connected: true,
            connectedAt: since(),
            local: textOf(event, 'local'),
            localPort: numberOf(event, 'localPort'),
          }
          listeners.connected?.(told.address)
          return
        case 'sent':
          listeners.sent?.(textOf(event, 'head'))
          return
        case 'headers': {
          const list = Array.isArray(event['headers']) ? (event['headers'] as [string, string][]) : []
          told = { ...told, status: numberOf(event, 'status'), headers: list, firstAt: told.firstAt || since() }
          listeners.head?.(textOf(event, 'head'), told.status)
          return
        }
        case 'data':
          listeners.data?.(textOf(event, 'octets'))
          return
        case 'end':
        case 'error':
          told = {
            ...told,
            kind: kind === 'end' ? 'ok' : 'error',
            reason: textOf(event, 'reason'),
            received: numberOf(event, 'received'),
            endedAt: numberOf(event, 'micros'),
          }
          return
        case 'unresolved':
          told = { ...told, kind: 'unresolved', reason: flagOf(event, 'temporary') ? 'temporary' : '' }
          return
        case 'refused':
        case 'timeout':
        case 'unreachable':
        case 'no-route':
          told = { ...told, kind, code: textOf(event, 'code'), endedAt: since() }
          return
        case 'reset':
          told = { ...told, kind: 'error', reason: 'reset', endedAt: since() }
          return
        default:
          return
      }
    },
    (event: Fields) => {
      if (!ask.onlyPrints || event['kind'] !== 'data' || listeners.data === undefined) return false
      listeners.data(textOf(event, 'octets'))
      return true
    },
  )
  return interrupted ? { ...told, kind: 'interrupted' } : told
}

export const headerOf = (told: Told, name: string): string => told.headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? ''

/** Octets as the terminal shows them: UTF-8, and what is none as it stands. */
export function shown(octets: string): string {
  let text = ''
  for (let i = 0; i < octets.length; i++) {
    const first = octets.charCodeAt(i)
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0
    if (more === 0 || i + more >= octets.length) {
      text += octets.charAt(i)
      continue
    }
    let point = first & (0x3f >> more)
    for (let k = 1; k <= more; k++) point = (point << 6) | (octets.charCodeAt(i + k) & 0x3f)
    text += point <= 0x10ffff ? String.fromCodePoint(point) : '?'
    i += more
  }
  return text
}
