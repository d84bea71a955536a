import type { InterfaceView } from '../../engine/machine/views.ts'
import { formatIp, networkOf } from '../../engine/wire/addresses.ts'
import { changeIpv4 } from './netsh-ipv4-change.ts'
import { named } from './netsh-words.ts'
import { dashed, ip, isV6, maskText, neighborTable, routeTable } from './network.ts'
import type { Gen, ProgramIo } from './program.ts'

export function* netshIpv4(args: readonly string[], io: ProgramIo): Gen<number> {
  const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase())
  const options = named(args.slice(2), 'name')
  const name = (options.name ?? options.interface)?.toLowerCase()
  const interfaces = [...io.kernel.interfaces()].filter((one) => one.enabled).sort((a, b) => a.index - b.index)
  const chosen = interfaces.filter((one) => name === undefined || one.name.toLowerCase() === name || String(one.index) === name)
  if (/^(add|set|delete)$/.test(verb)) {
    const changed = changeIpv4(verb, what, args.slice(2), io, interfaces)
    if (changed !== undefined) {
      for (const line of changed.lines) yield* io.line(line)
      return changed.status
    }
  }
  const lines = (): string[] | undefined => {
    if (verb !== 'show') return undefined
    if (/^int/.test(what)) return interfaceTable(interfaces)
    if (/^(config|addr)/.test(what)) return chosen.flatMap((one) => configLines(one, what.startsWith('config')))
    if (/^dns/.test(what)) return chosen.flatMap((one) => serverLines(one))
    if (/^rou/.test(what)) return routeLines(io)
    if (/^excl/.test(what)) return excludedLines(args.slice(2), io)
    if (/^neigh/.test(what)) return chosen.flatMap((one) => neighborLines(one, io))
    if (/^dyn/.test(what)) return dynamicLines(args[2], io)
    return undefined
  }
  const out = lines()
  if (out === undefined) {
    yield* io.line(`netsh interface ipv4 ${verb} ${what}: this command is real, but it is not simulated here yet.`)
    return 1
  }
  if (chosen.length === 0 && !/^(excl|dyn|rou)/.test(what)) {
    yield* io.line('The filename, directory name, or volume label syntax is incorrect.')
    yield* io.line('')
    return 1
  }
  for (const line of out) yield* io.line(line)
  return 0
}

function interfaceTable(interfaces: readonly InterfaceView[]): string[] {
  return [
    '',
    'Idx     Met         MTU          State                Name',
    '---  ----------  ----------  ------------  ---------------------------',
    ...interfaces.map(
      (one) =>
        `${String(one.index).padStart(3)}${String(one.metric).padStart(12)}${String(one.mtu).padStart(12)}  ${(one.up ? 'connected' : 'disconnected').padEnd(14)}${one.name}`,
    ),
    '',
  ]
}

function configLines(one: InterfaceView, full: boolean): string[] {
  const row = (label: string, value: string) => `    ${label.padEnd(38)}${value}`
  const lines = ['', `Configuration for interface "${one.name}"`, row('DHCP enabled:', one.dhcp ? 'Yes' : 'No')]
  for (const { address, prefixLength } of one.addresses) {
    if (isV6(address)) continue
    lines.push(
      row('IP Address:', address),
      row('Subnet Prefix:', `${formatIp(networkOf(ip(address), prefixLength))}/${prefixLength} (mask ${maskText(prefixLength)})`),
    )
  }
  for (const gateway of one.gateways) lines.push(row('Default Gateway:', gateway), row('Gateway Metric:', '0'))
  lines.push(row('InterfaceMetric:', String(one.metric)))
  if (!full) return [...lines, '']
  const label = one.dhcp ? 'DNS servers configured through DHCP:' : 'Statically Configured DNS Servers:'
  lines.push(row(label, one.dnsServers[0] ?? 'None'), ...one.dnsServers.slice(1).map((server) => `${' '.repeat(42)}${server}`))
  lines.push(row('Register with which suffix:', one.kind === 'loopback' ? 'None' : 'Primary only'))
  lines.push(row(one.dhcp ? 'WINS servers configured through DHCP:' : 'Statically Configured WINS Servers:', 'None'))
  return [...lines, '']
}

const wordOf = (given: string | undefined): string => (given ?? 'tcp').replace(/^protocol=/i, '').toLowerCase()

function dynamicLines(given: string | undefined, io: ProgramIo): string[] {
  const protocol = wordOf(given)
  const [start, count] = io.kernel.windowsNet?.dynamicPorts(protocol === 'udp' ? 'udp' : 'tcp') ?? [49152, 16384]
  return [
    '',
    `Protocol ${protocol} Dynamic Port Range`,
    '---------------------------------',
    `Start Port      : ${start}`,
    `Number of Ports : ${count}`,
    '',
  ]
}

function excludedLines(args: readonly string[], io: ProgramIo): string[] | undefined {
  const protocol = wordOf(args[0])
  if (protocol !== 'tcp' && protocol !== 'udp') return ['The parameter is incorrect.', '']
  const ranges = io.kernel.windowsNet?.excludedPorts(protocol) ?? []
  return [
    '',
    `Protocol ${protocol} Port Exclusion Ranges`,
    '',
    'Start Port    End Port      ',
    '----------    --------      ',
    ...ranges.map(
      ({ first, last, administered }) =>
        `${String(first).padStart(10)}${String(last).padStart(12)}${administered ? '     *' : ''}`,
    ),
    '',
    '* - Administered port exclusions.',
    '',
  ]
}

function serverLines(one: InterfaceView): string[] {
  const row = (label: string, value: string) => `    ${label.padEnd(38)}${value}`
  const label = one.dhcp ? 'DNS servers configured through DHCP:' : 'Statically Configured DNS Servers:'
  return [
    '',
    `Configuration for interface "${one.name}"`,
    row(label, one.dnsServers[0] ?? 'None'),
    ...one.dnsServers.slice(1).map((server) => `${' '.repeat(42)}${server}`),
    row('Register with which suffix:', one.kind === 'loopback' ? 'None' : 'Primary only'),
    '',
  ]
}

function routeLines(io: ProgramIo): string[] {
  return [
    '',
    'Publish  Type      Met  Prefix                    Idx  Gateway/Interface Name',
    '-------  --------  ---  ------------------------  ---  ------------------------',
    ...routeTable(io.kernel).map((row) => {
      const type = row.gateway === '' ? 'System' : 'Manual'
      const prefix = `${formatIp(row.network)}/${row.prefixLength}`
      return `No       ${type.padEnd(8)}  ${String(row.routeMetric).padEnd(3)}  ${prefix.padEnd(24)}  ${String(row.interface.index).padStart(3)}  ${row.gateway === '' ? row.interface.name : row.gateway}`
    }),
    '',
  ]
}

const states: Record<string, string> = {
  reachable: 'Reachable',
  stale: 'Stale',
  delay: 'Delay',
  probe: 'Probe',
  permanent: 'Permanent',
  incomplete: 'Incomplete',
  unreachable: 'Unreachable',
}

function neighborLines(one: InterfaceView, io: ProgramIo): string[] {
  const rows = neighborTable(io.kernel).filter((row) => row.interface === one.index)
  return [
    '',
    `Interface ${one.index}: ${one.name}`,
    '',
    '',
    'Internet Address                              Physical Address   Type',
    '--------------------------------------------  -----------------  -----------',
    ...rows.map((row) => `${row.address.padEnd(46)}${dashed(row.mac.toLowerCase()).padEnd(19)}${states[row.state]}`),
  ]
}
