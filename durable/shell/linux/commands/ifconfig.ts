import type { Outcome } from '../../../engine/machine/kernel.ts'
import type { LinuxAddress } from '../../../engine/machine/linux/linux-views.ts'
import type { InterfaceView } from '../../../engine/machine/views.ts'
import { formatIp, maskOf, parseIp, prefixOf } from '../../../engine/wire/addresses.ts'
import { fixed, linuxMac } from '../format.ts'
import { type Command, type Io, instant, notSimulated } from '../io.ts'
import { linuxOf } from '../ip/kernel-links.ts'
import { broadcastText, interfaceNamed, listedInterfaces } from '../links.ts'
import { addressesOf6 } from '../six.ts'

export const ifconfig: Command = {
  name: 'ifconfig',
  summary: 'interfaces, as net-tools shows them',
  usage: 'ifconfig [-a] [INTERFACE [ADDRESS [netmask MASK]] [up | down] [mtu N] [hw ether MAC]]',
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
  const link = interfaceNamed(io, name.split(':')[0] ?? '')
  const alias = name.includes(':') ? aliasOf(io, name) : undefined
  if (verb === undefined) {
    if (!link || (name.includes(':') && !alias)) {
      io.err(`${name}: error fetching interface information: Device not found\n`)
      return 1
    }
    io.out(`${alias ? describeAlias(link, alias) : describe(link)}\n`)
    return 0
  }
  if (!link) {
    io.err(`SIOCSIFADDR: No such device\n${name}: ERROR while getting interface flags: No such device\n`)
    return 255
  }
  return change(io, link.name, name, [verb, ...rest])
}

const aliasOf = (io: Io, label: string): LinuxAddress | undefined =>
  linuxOf(io)
    .addresses()
    .find((one) => one.label === label)

/** `ADDRESS[/LENGTH] netmask MASK broadcast ADDRESS up down mtu N hw ether MAC txqueuelen N promisc arp`, in any order. */
function change(io: Io, device: string, label: string, words: readonly string[]): number {
  const linux = linuxOf(io)
  if (!io.root) {
    io.err('SIOCSIFFLAGS: Operation not permitted\n')
    return 255
  }
  let status = 0
  const done = (outcome: Outcome, call: string) => {
    if (outcome.ok) return
    io.err(`${call}: ${outcome.detail?.replace(/^Error: (ipv4: )?/, '') ?? 'Invalid argument'}\n`)
    status = 255
  }
  const own = () => linux.addresses().find((one) => one.label === label)
  const wanted: { address?: string; length?: number; broadcast?: string } = {}
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    const on = !word.startsWith('-')
    if (word === 'up') done(linux.setLink(device, { up: true }), 'SIOCSIFFLAGS')
    else if (word === 'down') {
      const alias = label === device ? undefined : own()
      if (label === device) done(linux.setLink(device, { up: false }), 'SIOCSIFFLAGS')
      else if (alias) done(linux.changeAddress('delete', device, alias), 'SIOCSIFFLAGS')
    } else if (word === 'mtu' || word === 'txqueuelen') {
      const value = words[++i] ?? ''
      if (!/^\d{1,9}$/.test(value)) {
        io.err(`ifconfig: invalid argument '${value}'\n`)
        return 1
      }
      done(
        linux.setLink(device, word === 'mtu' ? { mtu: Number(value) } : { txqueuelen: Number(value) }),
        word === 'mtu' ? 'SIOCSIFMTU' : 'SIOCSIFTXQLEN',
      )
    } else if (word === 'hw') {
      if (words[i + 1] === 'ether') i++
      done(linux.setLink(device, { mac: words[++i] ?? '' }), 'SIOCSIFHWADDR')
    } else if (word === 'netmask') {
      const mask = parseIp(words[++i] ?? '')
      const length = mask === undefined ? -1 : prefixOf(mask)
      if (length < 0) {
        io.err(`${words[i] ?? ''}: Unknown host\nifconfig: \`--help' gives usage information.\n`)
        return 255
      }
      wanted.length = length
    } else if (word === 'broadcast') wanted.broadcast = words[++i] ?? ''
    else if (['promisc', '-promisc'].includes(word)) done(linux.setLink(device, { promisc: on }), 'SIOCSIFFLAGS')
    else if (['allmulti', '-allmulti'].includes(word)) done(linux.setLink(device, { allmulticast: on }), 'SIOCSIFFLAGS')
    else if (['arp', '-arp'].includes(word)) done(linux.setLink(device, { arp: on }), 'SIOCSIFFLAGS')
    else if (['multicast', '-multicast'].includes(word)) done(linux.setLink(device, { multicast: on }), 'SIOCSIFFLAGS')
    else if (
      [
        'add',
        'del',
        'tunnel',
        'dstaddr',
        'pointopoint',
        'metric',
        'media',
        'irq',
        'io_addr',
        'keepalive',
        'outfill',
        'trailers',
        'dynamic',
      ].includes(word)
    ) {
      io.err(notSimulated(`ifconfig ${device} ${word}`))
      return 1
    } else {
      const [address = '', length] = word.split('/')
      if (parseIp(address) === undefined) {
        io.err(`${word}: Host name lookup failure\nifconfig: \`--help' gives usage information.\n`.replace(/\n.*\n$/, '\n'))
        return 255
      }
      wanted.address = address
      if (length !== undefined) wanted.length = Number(length)
    }
  }
  const before = own()
  const address = wanted.address ?? before?.address
  if (address === undefined || (wanted.address === undefined && wanted.length === undefined && wanted.broadcast === undefined))
    return status
  const number = parseIp(address) ?? 0
  const length =
    wanted.length ??
    (wanted.address === undefined ? (before?.prefixLength ?? 24) : number >>> 31 === 0 ? 8 : number >>> 30 === 2 ? 16 : 24)
  if (before) linux.changeAddress('delete', device, before)
  done(
    linux.changeAddress('add', device, { address, prefixLength: length, broadcast: wanted.broadcast ?? '+', label }),
    'SIOCSIFADDR',
  )
  // An address switches its interface on.
  if (wanted.address !== undefined && !words.includes('down')) done(linux.setLink(device, { up: true }), 'SIOCSIFFLAGS')
  return status
}

function describeAlias(link: InterfaceView, alias: LinuxAddress): string {
  const broadcast = alias.broadcast === '' ? '' : `  broadcast ${alias.broadcast}`
  return `${alias.label}: flags=${flagsText(link)}  mtu ${link.mtu}\n        inet ${alias.address}  netmask ${formatIp(maskOf(alias.prefixLength))}${broadcast}\n        ether ${linuxMac(link.mac)}  txqueuelen 1000  (Ethernet)\n`
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
