// `netsh interface portproxy` (fact sheet 3.7).
import type { WindowsNetCalls } from '../../engine/machine/windows/net-calls.ts'
import type { ProxyEntry, ProxyKind } from '../../engine/service/port-proxy.ts'
import { named } from './netsh-words.ts'
import type { Gen, ProgramIo } from './program.ts'

const KINDS = ['v4tov4', 'v4tov6', 'v6tov4', 'v6tov6'] as const
const kindOf = (word: string): ProxyKind | undefined => KINDS.find((kind) => kind === word)

export const ELEVATION = 'The requested operation requires elevation (Run as administrator).'

export function* netshPortproxy(args: readonly string[], io: ProgramIo): Gen<number> {
  const net = io.kernel.windowsNet
  const [verb = '', what = ''] = args.map((arg) => arg.toLowerCase())
  const out: string[] = []
  let status = 0
  if (net === undefined) return 1
  if (verb === 'show') status = show(what, net, out)
  else if (verb === 'dump') dump(net, out)
  else if (!io.kernel.identity().elevated) {
    out.push(ELEVATION, '')
    status = 1
  } else if (verb === 'reset') {
    net.resetPortProxies()
    out.push('')
  } else status = change(verb, kindOf(what), args.slice(2), net, out)
  for (const line of out) yield* io.line(line)
  return status
}

function change(verb: string, kind: ProxyKind | undefined, args: readonly string[], net: WindowsNetCalls, out: string[]): number {
  if (kind === undefined || !/^(add|set|delete)$/.test(verb)) {
    out.push(`The following command was not found: interface portproxy ${[verb, ...args].join(' ')}.`)
    return 1
  }
  const given =
    verb === 'delete'
      ? named(args, 'listenport', 'listenaddress', 'protocol')
      : named(args, 'listenport', 'connectaddress', 'connectport', 'listenaddress', 'protocol')
  const fail = (text: string): number => {
    out.push(text, '')
    return 1
  }
  const port = (text: string | undefined): number => (text !== undefined && /^\d{1,5}$/.test(text) ? Number(text) : 0)
  if (given.listenport === undefined)
    return fail('One or more essential parameters were not entered.\nVerify the required parameters, and reenter them.')
  if (given.protocol !== undefined && given.protocol.toLowerCase() !== 'tcp') return fail('The parameter is incorrect.')
  const ear = { kind, listenAddress: given.listenaddress ?? '*', listenPort: port(given.listenport) }
  if (verb === 'delete') {
    if (!net.removePortProxy(ear).ok) return fail('The system cannot find the file specified.')
    out.push('')
    return 0
  }
  const known = net.portProxies().some((one) => sameEar(one, ear))
  if (verb === 'set' && !known) return fail('The system cannot find the file specified.')
  const connectAddress = given.connectaddress ?? (kind.endsWith('v6') ? '::1' : '127.0.0.1')
  const connectPort = given.connectport === undefined ? ear.listenPort : port(given.connectport)
  if (/[a-z]/i.test(connectAddress) && !connectAddress.includes(':')) {
    if (connectAddress.toLowerCase() !== 'localhost')
      return fail(
        `netsh interface portproxy: a name as connectaddress is real, but it is not simulated here yet; give the address of ${connectAddress}.`,
      )
  }
  const target = connectAddress.toLowerCase() === 'localhost' ? (kind.endsWith('v6') ? '::1' : '127.0.0.1') : connectAddress
  if (!net.setPortProxy({ ...ear, connectAddress: target, connectPort }).ok) return fail('The parameter is incorrect.')
  out.push('')
  return 0
}

const sameEar = (a: ProxyEntry, b: Pick<ProxyEntry, 'kind' | 'listenAddress' | 'listenPort'>): boolean =>
  a.kind === b.kind && a.listenPort === b.listenPort && a.listenAddress === b.listenAddress

function show(what: string, net: WindowsNetCalls, out: string[]): number {
  const kinds = what === 'all' ? KINDS : [kindOf(what)].filter((kind): kind is ProxyKind => kind !== undefined)
  if (kinds.length === 0) {
    out.push(`The following command was not found: interface portproxy show ${what}.`)
    return 1
  }
  for (const kind of kinds) {
    const entries = net.portProxies().filter((one) => one.kind === kind)
    if (entries.length === 0) continue
    const [ear, target] = [kind.slice(0, 2), kind.slice(4)].map((version) => (version === 'v4' ? 'ipv4' : 'ipv6'))
    out.push(
      '',
      `${`Listen on ${ear}:`.padEnd(28)}Connect to ${target}:`,
      '',
      'Address         Port        Address         Port',
      '--------------- ----------  --------------- ----------',
      ...entries.map(
        (one) =>
          `${one.listenAddress.padEnd(15)} ${String(one.listenPort).padEnd(11)} ${one.connectAddress.padEnd(15)} ${one.connectPort}`,
      ),
    )
  }
  out.push('')
  return 0
}

function dump(net: WindowsNetCalls, out: string[]): void {
  out.push(
    '',
    '#========================',
    '# Port Proxy configuration',
    '#========================',
    'pushd interface portproxy',
    '',
  )
  out.push('reset')
  for (const { kind, listenAddress, listenPort, connectAddress, connectPort } of net.portProxies()) {
    const ear = listenAddress === '*' ? '' : ` listenaddress=${listenAddress}`
    out.push(`add ${kind} listenport=${listenPort}${ear} connectaddress=${connectAddress} connectport=${connectPort}`)
  }
  out.push('', '', 'popd', '', '# End of Port Proxy configuration', '')
}
