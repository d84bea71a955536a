import { netshIpv4 } from './netsh-ipv4.ts'
import { netshIpv6 } from './netsh-ipv6.ts'
import { netshWlan } from './netsh-wlan.ts'
import type { Program } from './program.ts'

const contexts =
  'advfirewall interface winsock http dhcpclient dnsclient winhttp trace bridge ipsec lan mbn namespace netio p2p ras rpc add delete dump exec help set show'.split(
    ' ',
  )

export const netsh: Program = {
  name: 'netsh',
  synopsis: 'Shows and changes network settings: wlan, interface ipv4 and interface ipv6 here.',
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
  refuses: ['', ...contexts, 'interface ipv4 set address', 'interface ipv4 show route'],
  *run(args, io) {
    const words = args.map((arg) => arg.toLowerCase())
    if (words[0] === 'wlan') return yield* netshWlan(args.slice(1), io)
    if (/^int(erface)?$/.test(words[0] ?? '') && /^ip(v4)?$/.test(words[1] ?? '')) return yield* netshIpv4(args.slice(2), io)
    if (args.length === 0)
      yield* io.line('netsh without a command: the interactive mode is real, but it is not simulated here yet.')
    else if (/^int(erface)?$/.test(words[0]) && words[1] === 'ipv6') return yield* netshIpv6(args.slice(2), io)
    else if (contexts.includes(words[0]) || /^(int|-[acfru]|\/?\?)$/.test(words[0]))
      yield* io.line(`netsh ${words.slice(0, 2).join(' ')}: this command is real, but it is not simulated here yet.`)
    else yield* io.line(`The following command was not found: ${args.join(' ')}.`)
    return 1
  },
}

/** `name=value` arguments; what has no name goes by position. */
export function named(args: readonly string[], ...positions: readonly string[]): Record<string, string> {
  const out: Record<string, string> = {}
  let at = 0
  for (const arg of args) {
    const equals = arg.indexOf('=')
    if (equals > 0) out[arg.slice(0, equals).toLowerCase()] = arg.slice(equals + 1).replace(/^"(.*)"$/, '$1')
    else if (at < positions.length) out[positions[at++]] = arg
  }
  return out
}
