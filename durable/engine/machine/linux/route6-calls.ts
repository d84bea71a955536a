// System calls about routes and rules of IPv6: what `ip -6 route` and `ip -6 rule` do (net/ipv6/route.c, fib6_rules.c). Errors in
// the kernel's words.
import type { Interface } from '../../ip/interface.ts'
import type { Rule, RuleAction } from '../../ip/linux/rules.ts'
import { LOCAL_TABLE, MAIN_TABLE } from '../../ip/routes.ts'
import { pathTo6 } from '../../ip/v6/output6.ts'
import type { Route6 } from '../../ip/v6/routes6.ts'
import { selectSource } from '../../ip/v6/select-source.ts'
import { NEVER } from '../../sim/time.ts'
import {
  formatIp6,
  type Ip6,
  inPrefix6,
  isLinkLocalIp6,
  isMulticastIp6,
  networkOf6,
  parseIp6,
  parseScopedIp6,
} from '../../wire/addresses.ts'
import { allRouteViews6, routeView6 } from '../ip6-views.ts'
import type { Outcome } from '../kernel.ts'
import { failed, OK } from '../kernel-network.ts'
import type { Machine } from '../machine.ts'
import type { RouteView6 } from '../views.ts'
import { NO_DEVICE } from './link-calls.ts'
import type { LinuxCalls, RouteAsked6, RouteFound6, RouteRequest, RuleView } from './linux-views.ts'
import { changeRuleOf, REFUSING } from './rule-change.ts'
import type { LinuxSystem } from './system.ts'

type RouteCalls6 = Pick<LinuxCalls, 'linuxRoutes6' | 'changeRoute6' | 'findRoute6' | 'rules6' | 'changeRule6'>

/** IP6_RT_PRIO_USER of linux/ipv6_route.h. */
const USUAL_METRIC = 1024

export function routeCalls6(machine: Machine, linux: LinuxSystem): RouteCalls6 {
  const { six } = linux.policy
  return {
    linuxRoutes6: () => allRouteViews6(machine),
    changeRoute6: (verb, route) => changeRoute6(machine, verb, route),
    findRoute6: (question) => findRoute6(machine, linux, question),
    rules6: () =>
      six.rules.map((rule): RuleView => {
        const { source, destination } = rule
        return { ...rule, source: formatIp6(source), destination: formatIp6(destination) }
      }),
    changeRule6: (verb, view) => {
      const [source, destination] = [parseIp6(view.source), parseIp6(view.destination)]
      if (source === undefined || destination === undefined) return failed('invalid', 'Invalid argument')
      const rule: Rule<Ip6> = {
        ...view,
        source: networkOf6(source, view.sourceLength),
        destination: networkOf6(destination, view.destinationLength),
        action: view.action as RuleAction,
      }
      return changeRuleOf(six, verb, rule)
    },
  }
}

function changeRoute6(machine: Machine, verb: 'add' | 'append' | 'replace' | 'change' | 'delete', wanted: RouteRequest): Outcome {
  const { stack, ip6 } = machine
  const to = parseIp6(wanted.destination)
  const gateway = wanted.gateway === '' ? 0n : parseScopedIp6(wanted.gateway)?.ip
  if (to === undefined || gateway === undefined || wanted.prefixLength > 128) return failed('invalid', 'Invalid argument')
  const device = wanted.device === '' ? undefined : stack.byName(wanted.device)
  if (wanted.device !== '' && device === undefined) return NO_DEVICE
  const table = wanted.table === 0 ? MAIN_TABLE : wanted.table
  const destination = networkOf6(to, wanted.prefixLength)
  const sameKey = (route: Route6) =>
    route.destination === destination && route.prefixLength === wanted.prefixLength && (route.table ?? MAIN_TABLE) === table
  if (verb === 'delete') {
    const victim = ip6.routes.all.find(
      (route) =>
        sameKey(route) &&
        (wanted.metric === undefined || route.metric === wanted.metric) &&
        (gateway === 0n || route.gateway === gateway) &&
        (device === undefined || route.interface === device.index) &&
        (wanted.type === 'unicast' || route.type === wanted.type),
    )
    if (victim === undefined) return failed('not-found', 'No such process')
    ip6.routes.remove((route) => route === victim)
    ip6.changed()
    return OK
  }
  const next = nextHop(machine, wanted, gateway, device)
  if ('ok' in next) return next
  const source = wanted.source === undefined ? undefined : parseIp6(wanted.source)
  if (wanted.source !== undefined && (source === undefined || ip6.ownerOf(source) === undefined))
    return failed('invalid', 'Error: Invalid source address.')
  const metric = wanted.metric === undefined || wanted.metric === 0 ? USUAL_METRIC : wanted.metric
  const known = ip6.routes.all.filter((route) => sameKey(route) && route.metric === metric)
  const twin = known.some((route) => route.gateway === gateway && route.interface === next.index)
  if ((verb === 'add' && known.length > 0) || (verb === 'append' && twin)) return failed('exists', 'File exists')
  if (verb === 'change' && known.length === 0) return failed('not-found', 'Error: Can not replace route - no match found.')
  if ((verb === 'replace' || verb === 'change') && known.length > 0) ip6.routes.remove((route) => route === known[0])
  const put = ip6.routes.put({
    destination,
    prefixLength: wanted.prefixLength,
    gateway,
    interface: next.index,
    metric,
    origin: 'static',
    persistent: false,
    preference: 0,
    expiresAt: NEVER,
    ...(table === MAIN_TABLE ? {} : { table }),
    ...(REFUSING.has(wanted.type) ? { type: wanted.type as 'blackhole' } : {}),
    ...(source === undefined ? {} : { source }),
  })
  ip6.changed()
  return put ? OK : failed('in-use', 'Cannot allocate memory')
}

/** The interface of a new route, or why the kernel does not take it (ip6_validate_gw, fib6_nh_init). */
function nextHop(
  { stack, ip6 }: Machine,
  wanted: RouteRequest,
  gateway: Ip6,
  device: Interface | undefined,
): { readonly index: number } | Outcome {
  if (REFUSING.has(wanted.type)) return { index: 0 }
  if (device !== undefined && !device.enabled) return failed('wrong-state', 'Error: Nexthop device is not up.')
  if (gateway === 0n) return device ?? failed('not-found', 'No such device')
  if (ip6.ownerOf(gateway, device && ip6.interfaces.get(device.index)) !== undefined)
    return failed('invalid', 'Error: Gateway can not be a local address.')
  if (isMulticastIp6(gateway)) return failed('invalid', 'Error: Invalid gateway address.')
  if (isLinkLocalIp6(gateway) || wanted.onlink) return device ?? failed('invalid', 'Error: Egress device not specified.')
  const near = ip6.routes.all.find(
    (route) =>
      route.gateway === 0n &&
      route.type === undefined &&
      (device === undefined || route.interface === device.index) &&
      inPrefix6(gateway, route.destination, route.prefixLength),
  )
  const via = near && stack.interfaces.get(near.interface)
  return via ?? failed('no-route', 'No route to host')
}

const REFUSALS = {
  throw: 'Network is unreachable',
  blackhole: 'Invalid argument',
  prohibit: 'Permission denied',
  unreachable: 'No route to host',
} as const

function findRoute6(machine: Machine, linux: LinuxSystem, question: RouteAsked6): RouteFound6 {
  const { stack, ip6 } = machine
  const to = parseScopedIp6(question.to)?.ip
  const from = question.from === '' ? 0n : parseIp6(question.from)
  if (to === undefined || from === undefined) return { error: 'Invalid argument' }
  const iif = question.iif === '' ? undefined : stack.byName(question.iif)
  const oif = question.oif === '' ? undefined : stack.byName(question.oif)
  if ((question.iif !== '' && !iif) || (question.oif !== '' && !oif)) return { error: 'No such device' }
  const made = (change: Partial<RouteView6>): RouteView6 => ({
    destination: formatIp6(to),
    prefixLength: 128,
    gateway: '',
    interface: 0,
    metric: 0,
    interfaceMetric: 0,
    origin: 'kernel',
    persistent: false,
    preference: 0,
    expiresAt: null,
    table: LOCAL_TABLE,
    ...change,
  })
  if (ip6.ownerOf(to, oif && ip6.interfaces.get(oif.index)) !== undefined) {
    const route = made({ interface: stack.loopback?.index ?? 1 })
    return { route, source: formatIp6(from === 0n ? to : from), local: true }
  }
  const options = { ...(from === 0n ? {} : { source: from }), ...(oif ? { via: oif } : {}), ...(iif ? { from: iif.index } : {}) }
  const path = pathTo6(ip6, to, options)
  const source = typeof path === 'string' ? '' : formatIp6(path.source)
  if (isMulticastIp6(to)) {
    if (typeof path === 'string') return { error: REFUSALS.throw }
    return {
      route: made({ destination: 'ff00::', prefixLength: 8, metric: 256, interface: path.via.via.index }),
      source,
      local: false,
    }
  }
  const ask = { source: from, mark: question.mark, from: iif?.index ?? 0, out: oif?.index ?? 0 }
  const route = linux.policy.six.route(to, ask)
  if (route === undefined) return { error: REFUSALS.throw }
  if (route.type !== undefined) return { error: REFUSALS[route.type] }
  // What is told as its source is the address that the kernel would choose, whichever was asked about (rt6_fill_node).
  const own = typeof path === 'string' ? undefined : (route.source ?? selectSource(ip6, path.via, to)?.ip)
  return { route: routeView6(machine, route), source: own === undefined ? source : formatIp6(own), local: false }
}
