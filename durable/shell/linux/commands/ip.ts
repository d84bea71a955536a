import { type Command, type Io, notSimulated, type Run } from '../io.ts'
import { ipAddress } from '../ip/address.ts'
import { begins, type Global } from '../ip/global.ts'
import { ipLink } from '../ip/link.ts'
import { ipMaddress } from '../ip/maddress.ts'
import { ipMonitor } from '../ip/monitor.ts'
import { ipNeighbor } from '../ip/neighbor.ts'
import { ipRoute } from '../ip/route.ts'
import { ipRule } from '../ip/rule.ts'

type Handler = (args: readonly string[], global: Global, io: Io) => number | Run

/** Objects in the order in which iproute2 tries them: the first that begins as the word does. */
const OBJECTS: readonly (readonly [string, Handler | undefined])[] = [
  ['address', ipAddress],
  ['addrlabel', undefined],
  ['maddress', ipMaddress],
  ['route', ipRoute],
  ['rule', ipRule],
  ['neighbor', ipNeighbor],
  ['neighbour', ipNeighbor],
  ['ntable', undefined],
  ['ntbl', undefined],
  ['link', ipLink],
  ['l2tp', undefined],
  ['fou', undefined],
  ['macsec', undefined],
  ['tunnel', undefined],
  ['tunl', undefined],
  ['tuntap', undefined],
  ['tap', undefined],
  ['token', undefined],
  ['tcpmetrics', undefined],
  ['monitor', ipMonitor],
  ['xfrm', undefined],
  ['mroute', undefined],
  ['mrule', undefined],
  ['netns', undefined],
  ['netconf', undefined],
  ['vrf', undefined],
  ['nexthop', undefined],
  ['mptcp', undefined],
]

const REAL =
  /^(r(esolve)?|h(uman(-readable)?)?|f(amily)?|M|B|0|l(oops)?|b(atch)?|rc(vbuf)?|n(etns)?|N(umeric)?|a(ll)?|c(olor)?(=\w+)?|iec|echo)$/

const USAGE = `Usage: ip [ OPTIONS ] OBJECT { COMMAND | help }
where  OBJECT := { address | link | maddress | monitor | neighbor | route | rule }
       OPTIONS := { -4 | -6 | -br[ief] | -o[neline] | -s[tatistics] | -d[etails] | -j[son] | -p[retty] |
                    -t[imestamp] | -ts[hort] }
`

export const ip: Command = {
  name: 'ip',
  summary: 'addresses, links, routes, rules and neighbours',
  usage: [
    'ip [-4] [-6] [-br] [-o] [-s] [-d] [-j] [-p] OBJECT COMMAND',
    'ip address [show [dev IFNAME]]  ip address { add | del } ADDRESS/LENGTH dev IFNAME  ip address flush dev IFNAME',
    'ip link [show [dev IFNAME]]  ip link set dev IFNAME { up | down }',
    'ip neighbor [show [dev IFNAME]]  ip neighbor { add | del | replace } ADDRESS lladdr MAC dev IFNAME  ip neighbor flush dev IFNAME',
    'ip [-t | -ts] monitor [all | OBJECT...] [label] [dev IFNAME]',
    'ip route [show]  ip route get ADDRESS  ip route { add | del | replace } PREFIX [via ADDRESS] [dev IFNAME] [metric METRIC]',
  ].join('\n'),
  completions: [
    'address',
    'link',
    'route',
    'neigh',
    'show',
    'add',
    'del',
    'set',
    'get',
    'flush',
    'monitor',
    'dev',
    'via',
    '-br',
    '-4',
    '-6',
    '-s',
  ],
  run: runIp,
}

function* runIp(args: readonly string[], io: Io): Run {
  let global: Global = {
    family: undefined,
    brief: false,
    oneLine: false,
    statistics: 0,
    details: false,
    json: false,
    pretty: false,
    stamp: undefined,
  }
  let at = 0
  for (; at < args.length && args[at]?.startsWith('-'); at++) {
    const option = (args[at] ?? '').replace(/^--?/, '')
    if (option === '4') global = { ...global, family: 4 }
    else if (option === '6') global = { ...global, family: 6 }
    else if (option.length > 1 && begins(option, 'brief')) global = { ...global, brief: true }
    else if (begins(option, 'oneline')) global = { ...global, oneLine: true }
    else if (begins(option, 'statistics') || option === 'stats') global = { ...global, statistics: global.statistics + 1 }
    else if (begins(option, 'details')) global = { ...global, details: true }
    else if (begins(option, 'json')) global = { ...global, json: true }
    else if (begins(option, 'pretty')) global = { ...global, pretty: true }
    else if (option === 'ts' || option === 'tshort') global = { ...global, stamp: 'short' }
    else if (begins(option, 'timestamp')) global = { ...global, stamp: 'long' }
    else if (/^c(olor)?(=never)?$/.test(option) && (option.endsWith('never') || !io.terminal)) continue
    else if (option === 'V' || begins(option, 'Version')) {
      io.out('ip utility, iproute2-6.1.0, libbpf 1.3.0\n')
      return 0
    } else if (begins(option, 'help')) {
      io.err(USAGE)
      return 255
    } else if (REAL.test(option)) {
      io.err(notSimulated(`ip: option -${option}`))
      return 1
    } else {
      io.err(`Option "${args[at]}" is unknown, try "ip -help".\n`)
      return 255
    }
  }
  const word = args[at]
  if (word === undefined || word === 'help') {
    io.err(USAGE)
    return 255
  }
  const object = OBJECTS.find(([name]) => begins(word, name))
  if (!object) {
    io.err(`Object "${word}" is unknown, try "ip help".\n`)
    return 1
  }
  const [name, handler] = object
  if (handler) {
    const done = handler(args.slice(at + 1), global, io)
    return typeof done === 'number' ? done : yield* done
  }
  io.err(notSimulated(`ip ${name}`))
  return 1
}
