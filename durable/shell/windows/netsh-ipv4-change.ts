// `netsh interface ipv4 add|set|delete` (fact sheet 3.7).
import type { InterfaceView } from '../../engine/machine/views.ts'
import { parseCidr, parseIp, prefixOf } from '../../engine/wire/addresses.ts'
import { ELEVATION } from './netsh-portproxy.ts'
import { NO_INTERFACE, named } from './netsh-words.ts'
import { isV6 } from './network.ts'
import type { ProgramIo } from './program.ts'

export type Changed = { readonly lines: readonly string[]; readonly status: number }

const silent: Changed = { lines: [''], status: 0 }
const ok: Changed = { lines: ['Ok.', ''], status: 0 }
const fail = (...lines: readonly string[]): Changed => ({ lines: [...lines, ''], status: 1 })
const WRONG = fail('The parameter is incorrect.')
const MISSING = fail('One or more essential parameters were not entered.', 'Verify the required parameters, and reenter them.')

/** Undefined: there is no such command here. */
export function changeIpv4(
  verb: string,
  what: string,
  args: readonly string[],
  io: ProgramIo,
  interfaces: readonly InterfaceView[],
): Changed | undefined {
  const act = acts[`${verb} ${nounOf(what)}`]
  if (act === undefined) return undefined
  if (!io.kernel.identity().elevated) return fail(ELEVATION)
  return act(args, io, interfaces)
}

type Act = (args: readonly string[], io: ProgramIo, interfaces: readonly InterfaceView[]) => Changed

const nounOf = (what: string): string =>
  /^addr/.test(what)
    ? 'address'
    : /^dns/.test(what)
      ? 'dns'
      : /^rou/.test(what)
        ? 'route'
        : /^neigh/.test(what)
          ? 'neighbors'
          : /^int/.test(what) || /^subint/.test(what)
            ? 'interface'
            : /^excl/.test(what)
              ? 'excluded'
              : /^dyn/.test(what)
                ? 'dynamic'
                : /^arp/.test(what)
                  ? 'arpcache'
                  : what

const byName = (interfaces: readonly InterfaceView[], name: string | undefined): InterfaceView | undefined =>
  interfaces.find((one) => one.name.toLowerCase() === name?.toLowerCase() || String(one.index) === name)

const staticAddresses = (one: InterfaceView): string[] =>
  one.addresses.filter(({ address, origin }) => !isV6(address) && origin !== 'link-local').map(({ address }) => address)

const dropGateways = (one: InterfaceView, io: ProgramIo): void => {
  for (const gateway of one.gateways) io.kernel.removeRoute('0.0.0.0', 0, gateway)
}

const setAddress: Act = (args, io, interfaces) => {
  const given = named(args, 'name', 'source', 'address', 'mask', 'gateway', 'gwmetric')
  const one = byName(interfaces, given.name)
  if (given.name === undefined) return MISSING
  if (one === undefined) return fail(NO_INTERFACE[0] as string)
  const source = (given.source ?? given.addr ?? '').toLowerCase()
  if (source === 'dhcp') {
    if (one.dhcp) return fail('DHCP is already enabled on this interface.')
    for (const address of staticAddresses(one)) io.kernel.removeAddress(one.index, address)
    dropGateways(one, io)
    return io.kernel.setDhcp(one.index, true).ok ? silent : WRONG
  }
  const wanted = addressOf(given.address ?? given.addr, given.mask)
  if (wanted === undefined || (source !== 'static' && source !== '')) return WRONG
  const gateway = given.gateway === undefined || given.gateway.toLowerCase() === 'none' ? undefined : given.gateway
  if (gateway !== undefined && parseIp(gateway) === undefined) return WRONG
  if (one.dhcp) io.kernel.setDhcp(one.index, false)
  for (const address of staticAddresses(one)) if (address !== wanted.address) io.kernel.removeAddress(one.index, address)
  dropGateways(one, io)
  const added = io.kernel.addAddress(one.index, wanted.address, wanted.prefixLength)
  if (!added.ok && added.error !== 'exists') return WRONG
  return gateway === undefined ? silent : addGateway(one, gateway, given.gwmetric, io)
}

function addGateway(one: InterfaceView, gateway: string, metric: string | undefined, io: ProgramIo): Changed {
  const done = io.kernel.addRoute({
    destination: '0.0.0.0',
    prefixLength: 0,
    gateway,
    interface: one.index,
    metric: metric === undefined ? 1 : Number(metric) || 1,
    persistent: true,
  })
  return done.ok
    ? silent
    : fail('The default gateway is not on the same network segment (subnet) that is defined by the IP address and subnet mask.')
}

function addressOf(address: string | undefined, mask: string | undefined) {
  if (address === undefined) return undefined
  const cidr = parseCidr(address)
  if (cidr !== undefined && address.includes('/'))
    return { address: address.split('/')[0] as string, prefixLength: cidr.prefixLength }
  const ip = parseIp(address)
  if (ip === undefined) return undefined
  const bits = mask === undefined ? undefined : parseIp(mask)
  if (mask !== undefined && bits === undefined) return undefined
  const prefixLength = bits === undefined ? classOf(ip) : prefixOf(bits)
  return prefixLength === undefined || prefixLength < 1 ? undefined : { address, prefixLength }
}

/** Without a mask: that of the address's class. */
const classOf = (ip: number): number => (ip >>> 31 === 0 ? 8 : ip >>> 30 === 2 ? 16 : 24)

const acts: { readonly [command: string]: Act } = {
  'set address': setAddress,
  'add address': (args, io, interfaces) => {
    const given = named(args, 'name', 'address', 'mask', 'gateway', 'gwmetric')
    const one = byName(interfaces, given.name)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const wanted = addressOf(given.address ?? given.addr, given.mask)
    if (wanted !== undefined) {
      const done = io.kernel.addAddress(one.index, wanted.address, wanted.prefixLength)
      if (!done.ok) return done.error === 'exists' ? fail('The object already exists.') : WRONG
    } else if (given.gateway === undefined) return WRONG
    return given.gateway === undefined ? silent : addGateway(one, given.gateway, given.gwmetric, io)
  },
  'delete address': (args, io, interfaces) => {
    const given = named(args, 'name', 'address', 'gateway')
    const one = byName(interfaces, given.name)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const address = given.address ?? given.addr
    if (address !== undefined && !io.kernel.removeAddress(one.index, address).ok) return fail('Element not found.')
    if (given.gateway !== undefined) {
      const gateway = given.gateway.toLowerCase() === 'all' ? undefined : given.gateway
      if (!io.kernel.removeRoute('0.0.0.0', 0, gateway).ok) return fail('Element not found.')
    }
    return silent
  },
  'set dns': (args, io, interfaces) => {
    const given = named(args, 'name', 'source', 'address', 'register', 'validate')
    const one = byName(interfaces, given.name)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const source = (given.source ?? 'static').toLowerCase()
    if (source === 'dhcp') return io.kernel.setDnsServers(one.index, null).ok ? silent : WRONG
    const address = given.address ?? given.addr ?? 'none'
    const servers = address.toLowerCase() === 'none' ? [] : [address]
    return io.kernel.setDnsServers(one.index, servers).ok
      ? silent
      : fail('The configured DNS server is incorrect or does not exist.')
  },
  'add dns': (args, io, interfaces) => {
    const given = named(args, 'name', 'address', 'index', 'validate')
    const one = byName(interfaces, given.name)
    const address = given.address ?? given.addr
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    if (address === undefined) return MISSING
    if (one.dnsServers.includes(address)) return fail('The object already exists.')
    const servers = [...one.dnsServers]
    servers.splice(given.index === undefined ? servers.length : Math.max(0, Number(given.index) - 1), 0, address)
    return io.kernel.setDnsServers(one.index, servers).ok
      ? silent
      : fail('The configured DNS server is incorrect or does not exist.')
  },
  'delete dns': (args, io, interfaces) => {
    const given = named(args, 'name', 'address')
    const one = byName(interfaces, given.name)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const address = given.address ?? given.addr ?? 'all'
    if (address !== 'all' && !one.dnsServers.includes(address)) return fail('The object is not found.')
    const left = address === 'all' ? [] : one.dnsServers.filter((server) => server !== address)
    return io.kernel.setDnsServers(one.index, left).ok ? silent : WRONG
  },
  'add route': (args, io, interfaces) => route('add', args, io, interfaces),
  'set route': (args, io, interfaces) => route('set', args, io, interfaces),
  'delete route': (args, io, interfaces) => route('delete', args, io, interfaces),
  'add neighbors': (args, io, interfaces) => {
    const given = named(args, 'interface', 'address', 'neighbor')
    const one = byName(interfaces, given.interface)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const done = io.kernel.addNeighbor(one.index, given.address ?? '', given.neighbor ?? '')
    return done.ok ? silent : done.error === 'exists' ? fail('The object already exists.') : WRONG
  },
  'delete neighbors': (args, io, interfaces) => {
    const given = named(args, 'interface', 'address')
    const one = given.interface === undefined ? undefined : byName(interfaces, given.interface)
    if (given.interface !== undefined && one === undefined) return fail(NO_INTERFACE[0] as string)
    if (given.address !== undefined && one !== undefined)
      return io.kernel.removeNeighbor(one.index, given.address).ok ? silent : fail('Element not found.')
    for (const each of one === undefined ? interfaces : [one]) io.kernel.flushNeighbors(each.index)
    return ok
  },
  'delete arpcache': (_args, io, interfaces) => {
    for (const one of interfaces) io.kernel.flushNeighbors(one.index)
    return ok
  },
  'set interface': (args, io, interfaces) => {
    const given = named(args, 'interface')
    const one = byName(interfaces, given.interface ?? given.name)
    if (one === undefined) return fail(NO_INTERFACE[0] as string)
    const onOff = (text: string): boolean | undefined =>
      /^en(abled)?$/i.test(text) ? true : /^dis(abled)?$/i.test(text) ? false : undefined
    for (const [key, value] of Object.entries(given)) {
      const on = onOff(value)
      if (key === 'interface' || key === 'name' || key === 'store') continue
      if (/^forw/.test(key) && on !== undefined) io.kernel.setForwarding(one.index, on)
      else if (key === 'metric' && /^\d{1,5}$/.test(value)) io.kernel.setMetric(one.index, Number(value))
      else if (key === 'mtu' && /^\d{3,5}$/.test(value)) {
        if (!io.kernel.windowsNet?.setMtu(one.index, Number(value)).ok) return WRONG
      } else if (/^weakhost(send|receive)$/.test(key) && on !== undefined)
        io.kernel.windowsNet?.setWeakHost(one.index, key === 'weakhostsend' ? { send: on } : { receive: on })
      else return fail(`netsh interface ipv4 set interface ${key}: this setting is real, but it is not simulated here yet.`)
    }
    return ok
  },
  'add excluded': (args, io) => excluded('add', args, io),
  'delete excluded': (args, io) => excluded('delete', args, io),
  'set dynamic': (args, io) => {
    const given = named(args, 'protocol', 'start', 'num')
    const done = io.kernel.windowsNet?.setDynamicPorts(
      given.protocol?.toLowerCase() === 'udp' ? 'udp' : 'tcp',
      Number(given.start ?? given.startport),
      Number(given.num ?? given.numberofports),
    )
    return done?.ok ? ok : WRONG
  },
}

function excluded(verb: 'add' | 'delete', args: readonly string[], io: ProgramIo): Changed {
  const given = named(args, 'protocol', 'startport', 'numberofports', 'store')
  const protocol = given.protocol?.toLowerCase()
  const [first, count] = [Number(given.startport ?? given.start), Number(given.numberofports ?? given.num ?? 1)]
  if ((protocol !== 'tcp' && protocol !== 'udp') || !Number.isInteger(first) || !Number.isInteger(count)) return WRONG
  const net = io.kernel.windowsNet
  const done = verb === 'add' ? net?.excludePorts(protocol, first, count) : net?.includePorts(protocol, first, count)
  if (done?.ok) return ok
  if (verb === 'delete') return fail('The system cannot find the file specified.')
  return done?.error === 'exists'
    ? fail('The process cannot access the file because it is being used by another process.')
    : WRONG
}

function route(
  verb: 'add' | 'set' | 'delete',
  args: readonly string[],
  io: ProgramIo,
  interfaces: readonly InterfaceView[],
): Changed {
  const given = named(args, 'prefix', 'interface', 'nexthop')
  const prefix = parseCidr(given.prefix ?? '')
  const one = byName(interfaces, given.interface)
  if (given.prefix === undefined || given.interface === undefined) return MISSING
  if (prefix === undefined) return WRONG
  if (one === undefined) return fail(NO_INTERFACE[0] as string)
  const [destination = ''] = given.prefix.split('/')
  const gateway = given.nexthop === undefined || given.nexthop === '0.0.0.0' ? '' : given.nexthop
  if (verb !== 'add') {
    const gone = io.kernel.removeRoute(destination, prefix.prefixLength, gateway === '' ? undefined : gateway)
    if (!gone.ok) return fail('Element not found.')
    if (verb === 'delete') return ok
  }
  const done = io.kernel.addRoute({
    destination,
    prefixLength: prefix.prefixLength,
    gateway,
    interface: one.index,
    metric: given.metric === undefined ? 256 : Number(given.metric),
    persistent: (given.store ?? 'persistent').toLowerCase() !== 'active',
  })
  if (done.ok) return ok
  return done.error === 'exists' ? fail('The object already exists.') : WRONG
}
