import { netshAdvfirewall } from './netsh-advfirewall.ts'
import { netshIpv4 } from './netsh-ipv4.ts'
import { netshIpv6 } from './netsh-ipv6.ts'
import { netshPortproxy } from './netsh-portproxy.ts'
import { netshWlan } from './netsh-wlan.ts'
import { named } from './netsh-words.ts'
import type { Gen, Program, ProgramIo } from './program.ts'

const contexts =
  'advfirewall interface winsock http dhcpclient dnsclient winhttp trace bridge ipsec lan mbn namespace netio p2p ras rpc add delete dump exec help set show'.split(
    ' ',
  )

export const netsh: Program = {
  name: 'netsh',
  synopsis: 'Shows and changes network settings: advfirewall, wlan and interface ipv4, ipv6 and portproxy here.',
  options: [
    'wlan show interfaces',
    'wlan show networks',
    'wlan connect',
    'wlan disconnect',
    'interface ipv4 show interfaces',
    'interface ipv4 show config',
    'interface ipv4 show addresses',
    'interface ipv4 show neighbors',
    'interface ipv4 show dynamicport',
    'interface ipv4 show dnsservers',
    'interface ipv4 show route',
    'interface ipv4 show excludedportrange protocol=tcp',
    'interface ipv4 set address name="Ethernet" static 192.168.3.60 255.255.255.0',
    'interface ipv4 set dns name="Ethernet" static 1.1.1.1',
    'interface ipv4 add dns name="Ethernet" 1.0.0.1 index=2',
    'interface ipv4 set interface "Ethernet" forwarding=enabled',
    'interface ipv4 add route 10.9.9.0/24 "Ethernet" 192.168.3.1',
    'interface ipv4 add excludedportrange protocol=tcp startport=50000 numberofports=60',
    'interface ip show config',
    'interface ip set dns name="Ethernet" dhcp',
    'interface portproxy add v4tov4 listenport=8080 connectaddress=192.168.3.9 connectport=80',
    'interface portproxy show all',
    'interface portproxy dump',
    'interface portproxy reset',
    'interface show interface',
    'advfirewall show allprofiles',
    'advfirewall set allprofiles state off',
    'advfirewall firewall add rule name="Web" dir=in action=allow protocol=TCP localport=80',
    'advfirewall firewall show rule name=all',
    'advfirewall reset',
    'interface ipv6 show addresses',
    'interface ipv6 show interfaces',
    'interface ipv6 show route',
    'interface ipv6 show neighbors',
    'interface ipv6 show prefixpolicies',
    'interface ipv6 show dnsservers',
    'interface ipv6 show joins',
    'interface ipv6 add address Ethernet 2001:db8:3::77',
    'interface ipv6 add route 2001:db8:9::/64 Ethernet 2001:db8:3::1',
    'interface ipv6 add neighbors Ethernet 2001:db8:3::9 02-00-00-00-00-09',
    'interface ipv6 set dnsservers Ethernet static 2001:db8::53',
    'interface ipv6 set interface Ethernet forwarding=enabled',
  ],
  refuses: [
    '',
    ...contexts,
    'advfirewall export',
    'advfirewall consec show rule name=all',
    'interface ip reset',
    'winsock reset',
  ],
  *run(args, io) {
    const words = args.map((arg) => arg.toLowerCase())
    const [first = '', second = ''] = words
    if (first === 'wlan') return yield* netshWlan(args.slice(1), io)
    if (first === 'advfirewall' && second !== '') return yield* netshAdvfirewall(args.slice(1), io)
    if (first === 'bridge' && second === 'show' && /^adap/.test(words[2] ?? '')) return yield* bridge(io)
    if (/^int(erface)?$/.test(first)) {
      if (/^ip(v4)?$|^tcp$/.test(second) && words[2] === 'reset') return yield* reset(`interface ${second}`, io)
      if (/^ip(v4)?$|^tcp$/.test(second)) return yield* netshIpv4(args.slice(2), io)
      if (second === 'ipv6' && words[2] === 'reset') return yield* reset('interface ipv6', io)
      if (second === 'ipv6') return yield* netshIpv6(args.slice(2), io)
      if (/^portp/.test(second)) return yield* netshPortproxy(args.slice(2), io)
      if (second === 'show' && /^int/.test(words[2] ?? '')) return yield* showInterfaces(io)
      if (second === 'set' && /^int/.test(words[2] ?? '')) return yield* setInterface(args.slice(3), io)
    }
    if (args.length === 0)
      yield* io.line('netsh without a command: the interactive mode is real, but it is not simulated here yet.')
    else if (contexts.includes(first) || /^(int|-[acfru]|\/?\?)$/.test(first))
      yield* io.line(`netsh ${words.slice(0, 2).join(' ')}: this command is real, but it is not simulated here yet.`)
    else yield* io.line(`The following command was not found: ${args.join(' ')}.`)
    return 1
  },
}

function* reset(what: string, io: ProgramIo): Gen<number> {
  yield* io.line(`netsh ${what} reset: this command is real, but it is not simulated here yet.`)
  return 1
}

/** Adapters that the old network bridge could join; none is bridged here. */
function* bridge(io: ProgramIo): Gen<number> {
  const rule = '-'.repeat(70)
  const able = io.kernel.interfaces().filter(({ kind, hidden }) => kind !== 'loopback' && kind !== 'ppp' && !hidden)
  for (const line of ['', rule, ' ID AdapterFriendlyName         ForceCompatibilityMode', rule]) yield* io.line(line)
  for (const [at, { name }] of able.entries()) yield* io.line(`${String(at + 1).padStart(3)} ${name.padEnd(27)} unknown`)
  for (const line of [rule, '']) yield* io.line(line)
  return 0
}

function* showInterfaces(io: ProgramIo): Gen<number> {
  yield* io.line('')
  yield* io.line('Admin State    State          Type             Interface Name')
  yield* io.line('-------------------------------------------------------------------------')
  for (const one of io.kernel.interfaces()) {
    if (one.kind === 'loopback' || one.kind === 'ppp') continue
    const admin = one.enabled ? 'Enabled' : 'Disabled'
    const state = one.up ? 'Connected' : 'Disconnected'
    yield* io.line(`${admin.padEnd(15)}${state.padEnd(15)}${'Dedicated'.padEnd(17)}${one.name}`)
  }
  yield* io.line('')
  return 0
}

/** `netsh interface set interface name="X" admin=disabled newname="Y"`. */
function* setInterface(args: readonly string[], io: ProgramIo): Gen<number> {
  const given = named(args, 'name', 'admin', 'connect', 'newname')
  const one = io.kernel.interfaces().find(({ name }) => name.toLowerCase() === given.name?.toLowerCase())
  if (one === undefined) {
    yield* io.line('An interface with this name is not registered with the router.')
    yield* io.line('')
    return 1
  }
  const admin = given.admin?.toLowerCase()
  const done = [
    admin === undefined ? undefined : io.kernel.setInterfaceEnabled(one.index, admin.startsWith('en')),
    given.newname === undefined ? undefined : io.kernel.windowsNet?.renameAdapter(one.index, given.newname),
  ]
  const refused = done.find((each) => each?.ok === false)
  if (refused?.ok === false) yield* io.line(refused.detail ?? 'The parameter is incorrect.')
  yield* io.line('')
  return refused === undefined ? 0 : 1
}

export { named } from './netsh-words.ts'
