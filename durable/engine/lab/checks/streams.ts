// Verbs that open a connection, in a copy.
import { matchesWildcard } from '../../machine/wildcard.ts'
import type { Json } from '../../sim/json.ts'
import { hostOf, machineOf, tried, type Verb } from './context.ts'

type Event = { readonly kind: string; readonly [key: string]: Json | undefined }

/** What became of it, in words. */
function why(events: readonly Event[]): string {
  for (const event of events) {
    if (event.kind === 'unresolved') return 'the name did not resolve'
    if (event.kind === 'refused') return 'it was refused'
    if (event.kind === 'unreachable') return `${String(event.from ?? 'somebody')} says it cannot be reached`
    if (event.kind === 'no-route') return 'there is no way to it'
    if (event.kind === 'timeout') return 'nothing answered'
    if (event.kind === 'error') return `it ended with ${String(event.reason)}`
  }
  return 'nothing answered'
}

export const connects: Verb<'connects'> = ({ machine, target, port, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const host = hostOf(context, machine, target)
  if (host === undefined) return { couldNotRun: `${target} has no address.` }
  const copy = context.copy()
  const { events, packets } = copy.runProgram(machine, 'tcp-connect', { host, port, timeoutMs: 4000 })
  const told = events as unknown as Event[]
  const connected = told.some(({ kind }) => kind === 'connected')
  return {
    passed: connected === expect,
    message: `TCP port ${port} of ${target}${target === host ? '' : ` (${host})`}, from ${machine}: ${connected ? 'the connection opened' : why(told)}.`,
    ...tried(copy, packets),
  }
}

const MOST_REDIRECTS = 3
const MOST_SHOWN = 120

/** One request of a page, redirects followed. */
export const fetches: Verb<'fetches'> = ({ machine, url, status, shows, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const copy = context.copy()
  const packets: number[] = []
  let at = url
  for (let left = MOST_REDIRECTS; ; left--) {
    const [, name = '', port = '80', path = ''] = /^http:\/\/([^/:]+)(?::(\d{1,5}))?(\/.*)?$/i.exec(at) ?? []
    if (name === '') return { couldNotRun: `${at} is no http:// address.` }
    const host = hostOf(context, machine, name)
    if (host === undefined) return { couldNotRun: `${name} has no address.` }
    const headers = [
      ['Host', port === '80' ? name : `${name}:${port}`],
      ['User-Agent', 'check'],
      ['Accept', '*/*'],
    ]
    const asked = {
      host,
      port: Number(port),
      method: 'GET',
      target: path || '/',
      headers,
      timeoutMs: 8000,
      connectTimeoutMs: 4000,
    }
    const run = copy.runProgram(machine, 'http', { ...asked, output: 'events' })
    packets.push(...run.packets)
    const events = run.events as unknown as Event[]
    const head = events.find((event) => event.kind === 'headers' && Number(event.status) >= 200)
    const to = headerOf(head, 'location')
    if (
      head !== undefined &&
      status === undefined &&
      Number(head.status) >= 300 &&
      Number(head.status) < 400 &&
      to !== '' &&
      left > 0
    ) {
      at = to.startsWith('/') ? at.replace(/^(http:\/\/[^/]+).*$/i, `$1${to}`) : to
      continue
    }
    // Of one character an octet: what is looked for is ASCII.
    const body = events
      .filter(({ kind }) => kind === 'data')
      .map((event) => String(event.octets))
      .join('')
    const line = body.split('\n').find((one) => matchesWildcard(`*${shows ?? ''}*`, one))
    const right =
      head !== undefined &&
      (status === undefined ? Number(head.status) < 400 : Number(head.status) === status) &&
      (shows === undefined || line !== undefined)
    const came =
      head === undefined
        ? why(events)
        : `it answered ${String(head.status)}${shows === undefined || line !== undefined ? '' : `, without "${shows}"`}${line === undefined || shows === undefined ? '' : `: ${line.trim().slice(0, MOST_SHOWN)}`}`
    return { passed: right === expect, message: `${url}, fetched by ${machine}: ${came}.`, ...tried(copy, packets) }
  }
}

function headerOf(head: Event | undefined, name: string): string {
  const headers = (head?.headers ?? []) as unknown as readonly (readonly [string, string])[]
  return headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? ''
}
