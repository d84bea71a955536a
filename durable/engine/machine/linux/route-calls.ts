// System calls about addresses, routes and rules: what `ip address`, `ip route` and `ip rule` do (net/ipv4/devinet.c,
// fib_semantics.c, fib_trie.c; net/core/fib_rules.c). Errors in the kernel's words.
import type { Interface } from '../../ip/interface.ts'
import type { Rule, RuleAction } from '../../ip/linux/rules.ts'
import { type Path, pathTo } from '../../ip/output.ts'
import { LOCAL_TABLE, MAIN_TABLE, type Route } from '../../ip/routes.ts'
import { NEVER, storeTime } from '../../sim/time.ts'
import { broadcastOf, formatIp, inPrefix, isMulticastIp, networkOf, parseIp, parseMac } from '../../wire/addresses.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import { NO_DEVICE } from './link-calls.ts'
import type { LinuxAddress, LinuxCalls, LinuxRoute, NewAddress, RouteFound, RouteRequest, RuleView } from './linux-views.ts'
import { changeRuleOf, REFUSING } from './rule-change.ts'
import type { LinuxSystem } from './system.ts'

type RouteCalls = Pick<
  LinuxCalls,
  'addresses' | 'changeAddress' | 'linuxRoutes' | 'changeRoute' | 'findRoute' | 'rules' | 'changeRule' | 'setNeighbor'
>

/** rtnetlink.h. */
export const PROTOCOLS = { kernel: 2, boot: 3, static: 4, dhcp: 16 } as const
const SCOPE = { universe: 0, link: 253, host: 254 } as const
/** Routes that people may add: a kernel has room for more, a lab has no use for them. */
const MAX_ROUTES = 2000

export function routeCalls(machine: Machine, linux: LinuxSystem): RouteCalls {
  const { stack } = machine
  return {
    addresses: () =>
      [...stack.interfaces.values()]
        .sort((a, b) => a.index - b.index)
        .flatMap((via) => via.addresses.map((_, at) => addressView(via, at))),
    changeAddress: (verb, device, address) => changeAddress(machine, verb, device, address),
    linuxRoutes: () => [
      ...localRoutes(machine),
      ...stack.routes.all.filter((route) => isShown(machine, route)).map((r) => routeView(machine, r)),
    ],
    changeRoute: (verb, route) => changeRoute(machine, verb, route),
    findRoute: (question) => findRoute(machine, linux, question),
    rules: () => linux.policy.rules.map(ruleView),
    changeRule: (verb, view) => changeRule(linux, verb, view),
    setNeighbor: (verb, device, address, mac) => {
      const via = stack.byName(device)
      const ip = parseIp(address)
      const link = mac === '' ? undefined : parseMac(mac)
      if (via === undefined) return NO_DEVICE
      if (ip === undefined) return failed('invalid', 'Invalid argument')
      const known = via.neighbors.get(ip)
      if (verb === 'add' && known !== undefined) return failed('exists', 'File exists')
      if ((verb === 'change' || verb === 'delete') && known === undefined) return failed('not-found', 'No such file or directory')
      if (verb === 'delete') via.neighbors.delete(ip)
      else {
        if (link === undefined) return failed('invalid', 'Invalid argument')
        const entry = known ?? via.neighbors.add(ip, 'permanent', link, stack.sim.now)
        entry.mac = link
        entry.state = 'permanent'
        entry.due = NEVER
        via.neighbors.rearm()
      }
      stack.changed()
      return OK
    },
  }
}

function addressView(via: Interface, at: number): LinuxAddress {
  const address = via.addresses[at] as Interface['addresses'][number]
  const before = via.addresses.slice(0, at)
  const known =
    address.broadcast ??
    (address.origin === 'dhcp' && address.prefixLength < 31 ? broadcastOf(address.ip, address.prefixLength) : 0)
  return {
    interface: via.index,
    address: formatIp(address.ip),
    prefixLength: address.prefixLength,
    broadcast: known === 0 ? '' : formatIp(known),
    peer: address.peer === undefined ? '' : formatIp(address.peer),
    label: address.label ?? via.name,
    scope:
      address.scope ?? (via.kind === 'loopback' ? SCOPE.host : address.origin === 'link-local' ? SCOPE.link : SCOPE.universe),
    origin: address.origin,
    tentative: address.state === 'tentative',
    secondary: before.some(
      (other) => other.prefixLength === address.prefixLength && inPrefix(address.ip, other.ip, other.prefixLength),
    ),
    noRoute: address.noRoute ?? false,
    validUntil: storeTime(address.validUntil),
  }
}

function changeAddress(
  machine: Machine,
  verb: 'add' | 'replace' | 'change' | 'delete',
  device: string,
  wanted: NewAddress,
): Outcome {
  const { stack } = machine
  const via = stack.byName(device)
  const ip = parseIp(wanted.address)
  if (via === undefined) return NO_DEVICE
  if (ip === undefined || wanted.prefixLength > 32) return failed('invalid', 'Invalid argument')
  const known = via.addresses.find(
    (address) => address.ip === ip && (verb !== 'add' || address.prefixLength === wanted.prefixLength),
  )
  if (verb === 'delete') {
    const exact = via.addresses.find(
      (address) => address.ip === ip && (wanted.prefixLength === 32 || address.prefixLength === wanted.prefixLength),
    )
    if (exact === undefined) return failed('not-found', 'Error: ipv4: Address not found.')
    if (via.kind === 'loopback') via.addresses = via.addresses.filter((address) => address !== exact)
    else stack.removeAddress(via, ip)
    // With its last address a device gives up IPv4, and with that every route over it (fib_disable_ip).
    if (via.kind !== 'loopback' && via.addresses.length === 0) stack.routes.remove((route) => route.interface === via.index)
    return changed(machine)
  }
  if (known !== undefined && verb === 'add') return failed('exists', 'Error: ipv4: Address already assigned.')
  if (known === undefined && verb === 'change') return failed('not-found', 'Error: ipv4: Address not found.')
  const address = known ?? stack.addAddress(via, ip, wanted.prefixLength, 'manual')
  const broadcast = wanted.broadcast === '+' ? broadcastOf(ip, wanted.prefixLength) : parseIp(wanted.broadcast ?? '')
  address.broadcast = broadcast ?? 0
  if (wanted.label !== undefined) address.label = wanted.label
  if (wanted.scope !== undefined) address.scope = wanted.scope
  const peer = parseIp(wanted.peer ?? '')
  if (peer !== undefined) address.peer = peer
  if (wanted.noRoute) {
    address.noRoute = true
    stack.routes.remove(
      (route) =>
        route.interface === via.index &&
        route.origin === 'kernel' &&
        inPrefix(ip, route.destination, route.prefixLength) &&
        route.prefixLength === wanted.prefixLength,
    )
  }
  return changed(machine)
}

function changed(machine: Machine): Outcome {
  machine.stack.changed()
  return OK
}

// Routes

/** Routes of an interface that is switched off are not in the kernel's tables. */
function isShown(machine: Machine, route: Route): boolean {
  const via = machine.stack.interfaces.get(route.interface)
  return route.type !== undefined || (via?.enabled === true && (via.kind !== 'loopback' || route.origin !== 'kernel'))
}

function routeView(machine: Machine, route: Route): LinuxRoute {
  const via = machine.stack.interfaces.get(route.interface)
  return {
    type: route.type ?? 'unicast',
    destination: formatIp(route.destination),
    prefixLength: route.prefixLength,
    gateway: route.gateway === 0 ? '' : formatIp(route.gateway),
    interface: route.interface,
    table: route.table ?? MAIN_TABLE,
    protocol: route.protocol ?? protocolOf(route),
    scope: route.scope ?? (route.type !== undefined || route.gateway !== 0 ? SCOPE.universe : SCOPE.link),
    source: sourceOf(route, via),
    metric: route.metric,
    onlink: route.onlink ?? false,
    linkDown: via !== undefined && !via.up,
    mtu: route.mtu ?? 0,
  }
}

const protocolOf = (route: Route): number => {
  if (route.origin === 'kernel' || route.origin === 'ppp') return PROTOCOLS.kernel
  if (route.origin === 'dhcp') return PROTOCOLS.dhcp
  return route.persistent ? PROTOCOLS.static : PROTOCOLS.boot
}

/** The source that the kernel or the DHCP client wrote into the route. */
function sourceOf(route: Route, via: Interface | undefined): string {
  if (route.source !== undefined) return formatIp(route.source)
  if (route.origin === 'static' || via === undefined) return ''
  const near = route.gateway === 0 ? route.destination : route.gateway
  const own = via.addresses.find((a) => a.state === 'preferred' && inPrefix(near, a.ip, a.prefixLength)) ?? via.primary
  return own === undefined ? '' : formatIp(own.ip)
}

/** What the kernel keeps in its local table: derived from the addresses. */
function localRoutes(machine: Machine): LinuxRoute[] {
  const found: LinuxRoute[] = []
  for (const via of machine.stack.interfaces.values()) {
    if (!via.enabled) continue
    for (const { ip, prefixLength, state } of via.addresses) {
      if (state !== 'preferred') continue
      const row = (type: string, destination: number, length: number, scope: number): LinuxRoute => ({
        type,
        destination: formatIp(destination),
        prefixLength: length,
        gateway: '',
        interface: via.index,
        table: LOCAL_TABLE,
        protocol: PROTOCOLS.kernel,
        scope,
        source: formatIp(ip),
        metric: 0,
        onlink: false,
        linkDown: !via.up,
        mtu: 0,
      })
      if (via.kind === 'loopback' && prefixLength < 32)
        found.push(row('local', networkOf(ip, prefixLength), prefixLength, SCOPE.host))
      found.push(row('local', ip, 32, SCOPE.host))
      if (prefixLength < 31) found.push(row('broadcast', broadcastOf(ip, prefixLength), 32, SCOPE.link))
    }
  }
  return found
}

function changeRoute(
  machine: Machine,
  verb: 'add' | 'append' | 'prepend' | 'replace' | 'change' | 'delete',
  wanted: RouteRequest,
): Outcome {
  const { stack } = machine
  const to = parseIp(wanted.destination)
  const gateway = wanted.gateway === '' ? 0 : parseIp(wanted.gateway)
  if (to === undefined || gateway === undefined) return failed('invalid', 'Invalid argument')
  const device = wanted.device === '' ? undefined : stack.byName(wanted.device)
  if (wanted.device !== '' && device === undefined) return NO_DEVICE
  const table = wanted.table === 0 ? MAIN_TABLE : wanted.table
  const metric = wanted.metric ?? 0
  const sameKey = (route: Route) =>
    route.destination === to && route.prefixLength === wanted.prefixLength && (route.table ?? MAIN_TABLE) === table
  if (verb === 'delete') {
    const victim = stack.routes.all.find(
      (route) =>
        sameKey(route) &&
        isShown(machine, route) &&
        (wanted.metric === undefined || route.metric === metric) &&
        (gateway === 0 || route.gateway === gateway) &&
        (device === undefined || route.interface === device.index) &&
        (wanted.type === 'unicast' || route.type === wanted.type) &&
        (wanted.protocol === undefined || routeView(machine, route).protocol === wanted.protocol),
    )
    if (victim === undefined) return failed('not-found', 'No such process')
    stack.routes.remove((route) => route === victim)
    return changed(machine)
  }
  if (networkOf(to, wanted.prefixLength) !== to) return failed('invalid', 'Error: Invalid prefix for given prefix length.')
  const next = nextHop(machine, wanted, gateway, device)
  if ('ok' in next) return next
  const route: Route = {
    destination: to,
    prefixLength: wanted.prefixLength,
    gateway,
    interface: next.index,
    metric,
    origin: 'static',
    persistent: false,
    protocol: wanted.protocol ?? PROTOCOLS.boot,
    ...(table === MAIN_TABLE ? {} : { table }),
    ...(REFUSING.has(wanted.type) ? { type: wanted.type as 'blackhole' } : {}),
    ...(wanted.source === undefined ? {} : { source: parseIp(wanted.source) ?? 0 }),
    ...(wanted.scope === undefined ? {} : { scope: wanted.scope }),
    ...(wanted.onlink ? { onlink: true } : {}),
    ...(wanted.mtu === undefined ? {} : { mtu: wanted.mtu }),
  }
  const known = stack.routes.all.filter((one) => sameKey(one) && one.metric === metric && isShown(machine, one))
  if (verb === 'add' && known.length > 0) return failed('exists', 'File exists')
  if ((verb === 'append' || verb === 'prepend') && known.some((one) => one.gateway === gateway && one.interface === next.index))
    return failed('exists', 'File exists')
  if (verb === 'change' && known.length === 0) return failed('not-found', 'No such file or directory')
  if (stack.routes.all.length >= MAX_ROUTES) return failed('in-use', 'Cannot allocate memory')
  if ((verb === 'replace' || verb === 'change') && known.length > 0) stack.routes.remove((one) => one === known[0])
  stack.routes.put(route, verb === 'prepend')
  return changed(machine)
}

/** The interface of a new route, or why the kernel does not take it. */
function nextHop(
  machine: Machine,
  wanted: RouteRequest,
  gateway: number,
  device: Interface | undefined,
): { readonly index: number } | Outcome {
  const { stack } = machine
  if (REFUSING.has(wanted.type)) return { index: 0 }
  if (wanted.source !== undefined) {
    const source = parseIp(wanted.source)
    if (source === undefined || stack.ownerOf(source) === undefined) return failed('invalid', 'Error: Invalid prefsrc address.')
  }
  if (gateway === 0) {
    if (device === undefined) return failed('not-found', 'No such device')
    return device.enabled ? device : failed('wrong-state', 'Error: Device for nexthop is not up.')
  }
  if (stack.ownerOf(gateway) !== undefined) return failed('invalid', 'Error: Nexthop has invalid gateway.')
  if (wanted.onlink) {
    if (device === undefined) return failed('invalid', 'Error: Nexthop device required for onlink.')
    return device.enabled ? device : failed('wrong-state', 'Error: Nexthop device is not up.')
  }
  if (device !== undefined && !device.enabled) return failed('wrong-state', 'Error: Nexthop device is not up.')
  for (const via of device === undefined ? stack.interfaces.values() : [device]) {
    if (!via.enabled || via.isBroadcast(gateway)) continue
    const near = stack.routes.all.some(
      (route) =>
        route.interface === via.index &&
        route.gateway === 0 &&
        route.type === undefined &&
        inPrefix(gateway, route.destination, route.prefixLength),
    )
    if (near || via.addresses.some((address) => address.peer === gateway)) return via
  }
  return failed('no-route', 'Error: Nexthop has invalid gateway.')
}

function findRoute(
  machine: Machine,
  linux: LinuxSystem,
  question: { to: string; from: string; mark: number; iif: string; oif: string },
): RouteFound {
  const { stack } = machine
  const to = parseIp(question.to)
  if (to === undefined) return { error: 'Invalid argument' }
  const from = question.from === '' ? undefined : parseIp(question.from)
  const iif = question.iif === '' ? undefined : stack.byName(question.iif)
  const oif = question.oif === '' ? undefined : stack.byName(question.oif)
  if ((question.iif !== '' && !iif) || (question.oif !== '' && !oif)) return { error: 'No such device' }
  if (from !== undefined && iif === undefined && stack.ownerOf(from) === undefined) return { error: 'Network is unreachable' }
  const owner = stack.ownerOf(to)
  if (owner !== undefined || to >>> 24 === 127) {
    const lo = stack.loopback
    const index = lo?.index ?? 1
    const route: LinuxRoute = {
      ...blank,
      type: 'local',
      destination: question.to,
      prefixLength: 32,
      interface: iif ? index : index,
      table: LOCAL_TABLE,
      scope: SCOPE.host,
    }
    return { route, source: from === undefined ? question.to : formatIp(from), local: true, broadcast: false }
  }
  const ask = { source: from ?? 0, mark: question.mark, from: iif?.index ?? 0, out: oif?.index ?? 0 }
  const broadcast = [...stack.interfaces.values()].find((via) => via.up && via.isBroadcast(to) && to !== 0xffffffff)
  if (broadcast) {
    const route: LinuxRoute = {
      ...blank,
      type: 'broadcast',
      destination: question.to,
      prefixLength: 32,
      interface: broadcast.index,
      table: LOCAL_TABLE,
      scope: SCOPE.link,
    }
    return { route, source: formatIp(from ?? broadcast.primary?.ip ?? 0), local: true, broadcast: true }
  }
  const route = linux.policy.route(to, ask)
  if (route === undefined || route.type === 'throw') return { error: 'Network is unreachable' }
  if (route.type === 'blackhole') return { error: 'Invalid argument' }
  if (route.type === 'prohibit') return { error: 'Permission denied' }
  if (route.type === 'unreachable') return { error: 'No route to host' }
  if (iif !== undefined && !iif.forwarding) return { error: 'No route to host' }
  const path: Path | string = pathTo(stack, to, {
    ...(from === undefined ? {} : { source: from }),
    mark: question.mark,
    from: ask.from,
    ...(oif ? { via: oif } : {}),
  })
  const source = typeof path === 'string' ? '' : formatIp(from ?? path.source)
  return {
    route: { ...routeView(machine, route), type: isMulticastIp(to) ? 'multicast' : 'unicast' },
    source,
    local: false,
    broadcast: false,
  }
}

const blank: LinuxRoute = {
  type: 'unicast',
  destination: '',
  prefixLength: 32,
  gateway: '',
  interface: 0,
  table: MAIN_TABLE,
  protocol: 0,
  scope: 0,
  source: '',
  metric: 0,
  onlink: false,
  linkDown: false,
  mtu: 0,
}

// Rules

const ruleView = (rule: Rule): RuleView => ({ ...rule, source: formatIp(rule.source), destination: formatIp(rule.destination) })

function changeRule(linux: LinuxSystem, verb: 'add' | 'delete', view: RuleView): Outcome {
  const source = parseIp(view.source)
  const destination = parseIp(view.destination)
  if (source === undefined || destination === undefined) return failed('invalid', 'Invalid argument')
  return changeRuleOf(linux.policy, verb, { ...view, source, destination, action: view.action as RuleAction })
}
