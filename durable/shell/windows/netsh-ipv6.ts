import type { InterfaceView } from '../../engine/machine/views.ts'
import { named } from './netsh.ts'
import { changeIpv6, joinTable, serverTable } from './netsh-ipv6-change.ts'
import { dashed } from './network.ts'
import type { Gen, ProgramIo } from './program.ts'
import { addressesOf6, neighborRows6, routeRows6, zoned } from './six.ts'

export function* netshIpv6(args: readonly string[], io: ProgramIo): Gen<number> {
  const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase())
  const options = named(args.slice(2), 'interface')
  const name = (options.interface ?? options.name)?.toLowerCase()
  const interfaces = [...io.kernel.interfaces()]
    .filter((one) => one.enabled && one.kind !== 'ppp')
    .sort((a, b) => a.index - b.index)
  const chosen = interfaces.filter((one) => name === undefined || one.name.toLowerCase() === name || String(one.index) === name)
  let lines: string[] | undefined
  if (/^(add|set|delete)$/.test(verb)) {
    const changed = changeIpv6(verb, what, args.slice(2), io, interfaces)
    if (changed !== undefined) {
      for (const line of changed.lines) yield* io.line(line)
      return changed.status
    }
  }
  if (verb === 'show' && /^addr/.test(what)) lines = chosen.flatMap((one) => addressTable(one, io))
  else if (verb === 'show' && /^int/.test(what)) lines = interfaceTable(interfaces)
  else if (verb === 'show' && /^rou/.test(what)) lines = routeTable(io)
  else if (verb === 'show' && /^neigh/.test(what)) lines = chosen.flatMap((one) => neighborTable(one, io))
  else if (verb === 'show' && /^dns/.test(what)) lines = serverTable(chosen)
  else if (verb === 'show' && /^joins?/.test(what)) lines = joinTable(chosen)
  else if (verb === 'show' && /^pref/.test(what)) lines = PREFIX_POLICIES
  if (lines === undefined) {
    yield* io.line(`netsh interface ipv6 ${verb} ${what}: this command is real, but it is not simulated here yet.`)
    return 1
  }
  if (chosen.length === 0) {
    yield* io.line('The filename, directory name, or volume label syntax is incorrect.')
    yield* io.line('')
    return 1
  }
  for (const line of lines) yield* io.line(line)
  return 0
}

const TYPES = {
  'well-known': 'Other',
  'link-local': 'Other',
  manual: 'Manual',
  ra: 'Public',
  temporary: 'Temporary',
  dhcp: 'Dhcp',
} as const
const STATES = { preferred: 'Preferred', deprecated: 'Deprecated', tentative: 'Tentative', duplicate: 'Duplicate' } as const

/** Days, hours, minutes and seconds, as netsh counts a lifetime. */
function lifetime(until: number | null, now: number): string {
  if (until === null) return 'infinite'
  let seconds = Math.max(0, Math.floor((until - now) / 1_000_000))
  const parts: string[] = []
  for (const [unit, size] of [
    ['d', 86_400],
    ['h', 3_600],
    ['m', 60],
    ['s', 1],
  ] as const) {
    const n = Math.floor(seconds / size)
    seconds -= n * size
    if (n > 0 || parts.length > 0) parts.push(`${n}${unit}`)
  }
  return parts.length === 0 ? '0s' : parts.join('')
}

function addressTable(one: InterfaceView, io: ProgramIo): string[] {
  const { now } = io.kernel.clock()
  return [
    '',
    `Interface ${one.index}: ${one.name}`,
    '',
    'Addr Type  DAD State   Valid Life Pref. Life Address',
    '---------  ----------- ---------- ---------- ------------------------',
    ...addressesOf6(one).map(
      (a) =>
        `${TYPES[a.origin].padEnd(9)}  ${STATES[a.state].padEnd(11)} ${lifetime(a.validUntil, now).padStart(10)} ${lifetime(a.preferredUntil, now).padStart(10)} ${zoned(a.address, one.index)}`,
    ),
  ]
}

function interfaceTable(interfaces: readonly InterfaceView[]): string[] {
  return [
    '',
    'Idx     Met         MTU          State                Name',
    '---  ----------  ----------  ------------  ---------------------------',
    ...interfaces.map(
      (one) =>
        `${String(one.index).padStart(3)}${String(one.metric).padStart(12)}${String(one.ip6?.mtu ?? one.mtu).padStart(12)}  ${(one.up ? 'connected' : 'disconnected').padEnd(14)}${one.name}`,
    ),
    '',
  ]
}

function routeTable(io: ProgramIo): string[] {
  const names = new Map(io.kernel.interfaces().map((one) => [one.index, one.name]))
  const learned = new Set(
    io.kernel
      .routes6()
      .filter((r) => r.origin === 'static')
      .map((r) => `${r.interface} ${r.destination}/${r.prefixLength}`),
  )
  return [
    '',
    'Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name',
    '-------  --------  ---  ------------------------  ---  ------------------------',
    ...routeRows6(io.kernel).map((row) => {
      const manual = learned.has(`${row.index} ${row.prefix}`) || row.gateway !== ''
      const metric = io.kernel
        .routes6()
        .find((r) => r.interface === row.index && `${r.destination}/${r.prefixLength}` === row.prefix)?.metric
      return `No       ${(manual ? 'Manual' : 'System').padEnd(8)}  ${String(metric ?? 256).padEnd(3)}  ${row.prefix.padEnd(24)}  ${String(row.index).padStart(3)}  ${row.gateway || names.get(row.index) || ''}`
    }),
    '',
  ]
}

function neighborTable(one: InterfaceView, io: ProgramIo): string[] {
  const title = (state: string, router: boolean) =>
    `${state.charAt(0).toUpperCase()}${state.slice(1)}${router ? ' (Router)' : ''}`
  const routers = new Set(io.kernel.neighbors6().flatMap((n) => (n.isRouter && n.interface === one.index ? [n.address] : [])))
  return [
    '',
    `Interface ${one.index}: ${one.name}`,
    '',
    '',
    'Internet Address                              Physical Address   Type',
    '--------------------------------------------  -----------------  -----------',
    ...neighborRows6(io.kernel, one).map(
      (row) =>
        `${row.address.padEnd(46)}${(row.mac === '' ? 'Unreachable' : dashed(row.mac.toLowerCase())).padEnd(19)}${title(row.state, routers.has(row.address))}`,
    ),
  ]
}

/** The policies of RFC 6724 section 2.1, as this stack goes by them. */
const PREFIX_POLICIES = [
  'Querying active state...',
  '',
  'Precedence  Label  Prefix',
  '----------  -----  --------------------------------',
  '        50      0  ::1/128',
  '        40      1  ::/0',
  '        35      4  ::ffff:0:0/96',
  '        30      2  2002::/16',
  '         5      5  2001::/32',
  '         3     13  fc00::/7',
  '         1     11  fec0::/10',
  '         1     12  3ffe::/16',
  '         1      3  ::/96',
  '',
]
