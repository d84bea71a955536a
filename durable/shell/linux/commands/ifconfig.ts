import type { InterfaceView } from '../../../engine/machine/views.ts'
import { formatIp, maskOf } from '../../../engine/wire/addresses.ts'
import { fixed, linuxMac } from '../format.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { broadcastText, interfaceNamed, listedInterfaces } from '../links.ts'
import { addressesOf6 } from '../six.ts'

export const ifconfig: Command = {
  name: 'ifconfig',
  summary: 'interfaces, as net-tools shows them',
  usage: 'ifconfig [-a] [INTERFACE [up | down]]',
  completions: ['-a', 'up', 'down'],
  run: instant(runIfconfig),
}

function runIfconfig(args: readonly string[], io: Io): number {
  const option = args.find((arg) => arg.startsWith('-') && arg !== '-a')
  if (option !== undefined) {
    io.err(
      /^-[sv]$/.test(option) ? notSimulated(`ifconfig: option ${option}`) : `ifconfig: option \`${option}' not recognised.\n`,
    )
    return 1
  }
  const all = args.includes('-a')
  const [name, verb, ...rest] = args.filter((arg) => arg !== '-a')
  if (name === undefined) {
    const links = listedInterfaces(io).filter((link) => all || link.enabled)
    for (const link of links.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))) io.out(`${describe(link)}\n`)
    return 0
  }
  const link = interfaceNamed(io, name)
  if (!link) {
    io.err(`${name}: error fetching interface information: Device not found\n`)
    return 1
  }
  if (verb === undefined) {
    io.out(`${describe(link)}\n`)
    return 0
  }
  if ((verb !== 'up' && verb !== 'down') || rest.length > 0) {
    io.err(notSimulated(`ifconfig ${name} ${verb} (write: ip address or ip link)`))
    return 1
  }
  if (!io.root) {
    io.err('SIOCSIFFLAGS: Operation not permitted\n')
    return 255
  }
  return io.kernel.setInterfaceEnabled(link.index, verb === 'up').ok ? 0 : 255
}

/** Flags and their bits (linux/if.h), in the order in which ifconfig names them. */
function flagsText(link: InterfaceView): string {
  const running = link.enabled && link.up
  const loopback = link.kind === 'loopback'
  const ppp = link.kind === 'ppp'
  const flags: (readonly [string, number, boolean])[] = [
    ['UP', 0x1, link.enabled],
    ['BROADCAST', 0x2, !loopback && !ppp],
    ['LOOPBACK', 0x8, loopback],
    ['POINTOPOINT', 0x10, ppp],
    ['RUNNING', 0x40, running],
    ['NOARP', 0x80, ppp],
    ['MULTICAST', 0x1000, !loopback],
  ]
  const set = flags.filter(([, , on]) => on)
  return `${set.reduce((sum, [, bit]) => sum + bit, 0)}<${set.map(([name]) => name).join(',')}>`
}

function describe(link: InterfaceView): string {
  const lines = [`${link.name}: flags=${flagsText(link)}  mtu ${link.mtu}`]
  for (const address of link.addresses.slice(0, 1)) {
    const broadcast = link.kind === 'loopback' || link.kind === 'ppp' ? '' : broadcastText(address)
    lines.push(
      `inet ${address.address}  netmask ${formatIp(maskOf(address.prefixLength))}${broadcast === '' ? '' : `  broadcast ${broadcast}`}`,
    )
  }
  for (const { address, prefixLength } of link.enabled ? addressesOf6(link) : []) {
    const scope = link.kind === 'loopback' ? '0x10<host>' : address.startsWith('fe80:') ? '0x20<link>' : '0x0<global>'
    lines.push(`inet6 ${address}  prefixlen ${prefixLength}  scopeid ${scope}`)
  }
  if (link.kind === 'loopback') lines.push('loop  txqueuelen 1000  (Local Loopback)')
  else if (link.kind === 'ppp') lines.push('ppp  txqueuelen 3  (Point-to-Point Protocol)')
  else lines.push(`ether ${linuxMac(link.mac)}  txqueuelen 1000  (Ethernet)`)
  const { receivedBytes, receivedPackets, sentBytes, sentPackets } = link.counters
  lines.push(
    `RX packets ${receivedPackets}  bytes ${receivedBytes} (${human(receivedBytes)})`,
    'RX errors 0  dropped 0  overruns 0  frame 0',
    `TX packets ${sentPackets}  bytes ${sentBytes} (${human(sentBytes)})`,
    'TX errors 0  dropped 0 overruns 0  carrier 0  collisions 0',
  )
  return `${lines.join('\n        ')}\n`
}

function human(bytes: number): string {
  let [value, unit] = [1, 'B']
  for (const next of ['KiB', 'MiB', 'GiB', 'TiB']) {
    if (bytes < value * 1024) break
    ;[value, unit] = [value * 1024, next]
  }
  return `${fixed(bytes, value, 1)} ${unit}`
}
