// Verbs about addresses, routes and name servers, as a machine has them now.
import { parseIp } from '../../wire/addresses.ts'
import { adapterNow, addressOf, type CheckContext, defaultSwitchPrefix, machineOf, rowsOf, type Verb } from './context.ts'
import { isIn, same } from './facts/formats.ts'

/** The network that a word stands for, or undefined when it does not exist now. */
export const networkOf = (context: CheckContext, word: string): string | undefined =>
  word === 'default-switch' ? defaultSwitchPrefix(context.lab) : word

const interfaceRows = (context: CheckContext, machine: string, adapter: string | undefined) =>
  rowsOf(context, machine, 'interfaces', (row) =>
    adapter === undefined ? row[1] !== 'loopback' : row[0]?.toLowerCase() === adapter.toLowerCase(),
  )

export const hasAddress: Verb<'has-address'> = (verb, context) => {
  const { machine, origin, prefixLength, expect } = verb
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const adapter = verb.adapter && adapterNow(context, machine, verb.adapter)
  const where = verb.in === undefined ? undefined : networkOf(context, verb.in)
  if (verb.in !== undefined && where === undefined) return { couldNotRun: `The network ${verb.in} does not exist at the moment.` }
  const held: string[] = []
  const fitting: string[] = []
  for (const via of found.kernel.interfaces()) {
    if (via.kind === 'loopback' || (adapter !== undefined && via.name.toLowerCase() !== adapter.toLowerCase())) continue
    for (const one of [...via.addresses, ...(via.ip6?.addresses ?? [])]) {
      const shown = `${one.address}/${one.prefixLength}`
      held.push(`${shown} (${one.origin})`)
      const fits =
        one.state !== 'duplicate' &&
        one.state !== 'tentative' &&
        (where === undefined || isIn(one.address, where) === true) &&
        (prefixLength === undefined || one.prefixLength === prefixLength) &&
        (origin === undefined || one.origin === origin)
      if (fits) fitting.push(shown)
    }
  }
  const asked = [where === undefined ? '' : ` in ${where}`, origin === undefined ? '' : ` from ${origin}`].join('')
  const has = fitting.length > 0
  return {
    passed: has === expect,
    message: has
      ? `${machine} has the address ${fitting.join(', ')}.`
      : `${machine} has no address${asked}; it has ${held.length > 0 ? held.join(', ') : 'none at all'}.`,
    rows: interfaceRows(context, machine, adapter),
  }
}

export const hasRoute: Verb<'has-route'> = (verb, context) => {
  const { machine, to, via, count, expect } = verb
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const adapter = verb.adapter && adapterNow(context, machine, verb.adapter)
  const six = to.includes(':')
  const gateway = via === undefined || via === 'on-link' ? via : addressOf(context, machine, via)
  if (via !== undefined && gateway === undefined) return { couldNotRun: `${via} has no address.` }
  const names = new Map(found.kernel.interfaces().map(({ index, name }) => [index, name]))
  const wanted = to === 'default' ? ['0.0.0.0/0', '::/0'] : [to]
  const all = six
    ? found.kernel.routes6()
    : to === 'default'
      ? [...found.kernel.routes(), ...found.kernel.routes6()]
      : found.kernel.routes()
  const its = all.filter((one) => wanted.some((network) => same('subnet', `${one.destination}/${one.prefixLength}`, network)))
  const fitting = its.filter(
    (one) =>
      (gateway === undefined || (gateway === 'on-link' ? one.gateway === '' : same('address', one.gateway || '-', gateway))) &&
      (adapter === undefined || names.get(one.interface)?.toLowerCase() === adapter.toLowerCase()) &&
      // A route of IPv4 is meant where nothing else is said.
      (to !== 'default' || gateway?.includes(':') === true || !one.destination.includes(':')),
  )
  const has = count === undefined ? fitting.length > 0 : fitting.length === count
  const said = its.map(
    (one) => `${one.destination}/${one.prefixLength} via ${one.gateway || 'its own link'} by ${names.get(one.interface) ?? '?'}`,
  )
  return {
    passed: has === expect,
    message: `${machine} has ${fitting.length === 0 ? 'no such route' : `${fitting.length} such route${fitting.length === 1 ? '' : 's'}`} to ${to}${count === undefined || has ? '' : `, not ${count}`}${said.length > 0 ? `: ${said.join('; ')}` : ''}.`,
    rows: rowsOf(context, machine, 'routes', (row) => wanted.some((network) => same('subnet', row[0] ?? '', network))),
  }
}

export const dnsServer: Verb<'dns-server'> = ({ machine, adapter: named, server, only, expect }, context) => {
  const found = machineOf(context, machine)
  if ('couldNotRun' in found) return found
  const adapter = named && adapterNow(context, machine, named)
  const address = addressOf(context, machine, server)
  if (address === undefined) return { couldNotRun: `${server} has no address.` }
  const its = found.kernel
    .interfaces()
    .filter((via) => via.kind !== 'loopback' && (adapter === undefined || via.name.toLowerCase() === adapter.toLowerCase()))
  const servers = [...new Set(its.flatMap((via) => [...via.dnsServers, ...(via.ip6?.dnsServers ?? [])]))]
  const six = parseIp(address) === undefined
  const ofFamily = servers.filter((one) => one.includes(':') === six)
  const has = only ? ofFamily.length === 1 && ofFamily[0] === address : servers.includes(address)
  return {
    passed: has === expect,
    message: `${machine} asks ${servers.length > 0 ? servers.join(', ') : 'no name server'}${has ? '' : `, not ${only ? 'only ' : ''}${address}`}.`,
    rows: interfaceRows(context, machine, adapter),
  }
}
