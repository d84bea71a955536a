// What Linux shows of its network as files: /proc/net, /proc/sys/net, /sys/class/net. Made when they are read.
import type { Interface } from '../../ip/interface.ts'
import { MAIN_TABLE } from '../../ip/routes.ts'
import { formatIp, formatMac, maskOf } from '../../wire/addresses.ts'
import type { SystemFiles } from '../files.ts'
import { socketViews } from '../kernel-views.ts'
import type { Machine } from '../machine.ts'
import { snmpFiles } from './snmp-files.ts'
import type { LinuxSystem } from './system.ts'

export function procFiles(machine: Machine, linux: LinuxSystem): SystemFiles {
  const files: { [path: string]: () => string } = {
    '/proc/net/arp': () => arp(machine),
    '/proc/net/route': () => route(machine),
    '/proc/net/dev': () => dev(machine),
    '/proc/net/tcp': () => sockets(machine, 'tcp'),
    '/proc/net/udp': () => sockets(machine, 'udp'),
    ...snmpFiles(machine),
  }
  for (const key of linux.policy.keys()) files[`/proc/sys/${key}`] = () => `${linux.policy.get(key) ?? ''}\n`
  for (const via of machine.stack.interfaces.values()) {
    const folder = `/sys/class/net/${via.name}`
    const settings = linux.devices.settingsOf(via.index)
    const facts: { readonly [name: string]: string } = {
      address: via.kind === 'loopback' ? '00:00:00:00:00:00' : formatMac(via.mac),
      mtu: String(via.mtu),
      ifindex: String(via.index),
      operstate: operstate(via),
      carrier: via.up ? '1' : '0',
      tx_queue_len: String(settings.txqueuelen),
      ...(via.kind === 'loopback' ? {} : { speed: String(via.up ? via.speed / 1_000_000 : -1) }),
      'statistics/rx_bytes': String(via.receivedBytes),
      'statistics/rx_packets': String(via.receivedPackets),
      'statistics/rx_errors': String(via.receivedErrors),
      'statistics/rx_dropped': String(via.receivedDropped),
      'statistics/tx_bytes': String(via.sentBytes),
      'statistics/tx_packets': String(via.sentPackets),
      'statistics/tx_errors': String(via.sentErrors),
      'statistics/tx_dropped': String(via.sentDropped),
    }
    for (const [name, text] of Object.entries(facts)) files[`${folder}/${name}`] = () => `${text}\n`
  }
  return files
}

function operstate(via: Interface): string {
  if (!via.up) return 'down'
  return via.kind === 'loopback' || via.kind === 'ppp' ? 'unknown' : 'up'
}

function arp(machine: Machine): string {
  let text = 'IP address       HW type     Flags       HW address            Mask     Device\n'
  for (const via of machine.stack.interfaces.values())
    for (const entry of via.neighbors.all) {
      const flags = entry.state === 'permanent' ? 6 : entry.mac === 0 ? 0 : 2
      text += `${formatIp(entry.ip).padEnd(16)} 0x1         0x${flags}         ${formatMac(entry.mac)}     *        ${via.name}\n`
    }
  return text
}

/** Addresses as the processor keeps them: the least byte first. */
const reversed = (ip: number): string =>
  [ip & 255, (ip >>> 8) & 255, (ip >>> 16) & 255, ip >>> 24]
    .reverse()
    .reduceRight((text, byte) => text + byte.toString(16).toUpperCase().padStart(2, '0'), '')

function route(machine: Machine): string {
  const { stack } = machine
  const lines = ['Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT']
  const rows = stack.routes.all
    .filter((one) => (one.table ?? MAIN_TABLE) === MAIN_TABLE)
    .filter(
      (one) =>
        one.type !== undefined ||
        (stack.interfaces.get(one.interface)?.enabled && stack.interfaces.get(one.interface)?.kind !== 'loopback'),
    )
    .sort((a, b) => a.destination - b.destination || a.prefixLength - b.prefixLength || a.metric - b.metric)
  for (const one of rows) {
    const flags = (one.type === undefined ? 1 : 0x201) | (one.gateway === 0 ? 0 : 2) | (one.prefixLength === 32 ? 4 : 0)
    const name = one.type === undefined ? (stack.interfaces.get(one.interface)?.name ?? '*') : '*'
    lines.push(
      [
        name,
        reversed(one.destination),
        reversed(one.gateway),
        flags.toString(16).toUpperCase().padStart(4, '0'),
        0,
        0,
        one.metric,
        reversed(maskOf(one.prefixLength)),
        0,
        0,
        0,
      ].join('\t'),
    )
  }
  return lines.map((line) => `${line.padEnd(127)}\n`).join('')
}

function dev(machine: Machine): string {
  let text =
    'Inter-|   Receive                                                |  Transmit\n face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed\n'
  const column = (value: number, width: number) => String(value).padStart(width)
  for (const via of machine.stack.interfaces.values()) {
    text += `${via.name.padStart(6)}: ${column(via.receivedBytes, 7)} ${column(via.receivedPackets, 7)} ${column(via.receivedErrors, 4)} ${column(via.receivedDropped, 4)}    0     0          0 ${column(via.receivedGroup, 9)} `
    text += `${column(via.sentBytes, 8)} ${column(via.sentPackets, 7)} ${column(via.sentErrors, 4)} ${column(via.sentDropped, 4)}    0     0       0          0\n`
  }
  return text
}

const STATES: { readonly [state: string]: number } = {
  ESTABLISHED: 1,
  SYN_SENT: 2,
  SYN_RECV: 3,
  FIN_WAIT1: 4,
  FIN_WAIT2: 5,
  TIME_WAIT: 6,
  CLOSE: 7,
  CLOSE_WAIT: 8,
  LAST_ACK: 9,
  LISTEN: 10,
  CLOSING: 11,
}

function sockets(machine: Machine, protocol: 'tcp' | 'udp'): string {
  const end = (address: string, port: number): string => {
    const ip = address.split('.').length === 4 ? address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0) : 0
    return `${reversed(ip)}:${port.toString(16).toUpperCase().padStart(4, '0')}`
  }
  let text =
    protocol === 'tcp'
      ? '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode'
      : '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops'
  text = `${text.padEnd(protocol === 'tcp' ? 149 : 127)}\n`
  for (const [at, socket] of socketViews(machine).entries()) {
    if (socket.protocol !== protocol || socket.localAddress.includes(':')) continue
    const state = protocol === 'udp' ? 7 : (STATES[socket.state.toUpperCase().replace(/-/g, '_').replace(/ING$/, '')] ?? 7)
    text += `${String(at).padStart(4)}: ${end(socket.localAddress, socket.localPort)} ${end(socket.remoteAddress, socket.remotePort)} ${state.toString(16).toUpperCase().padStart(2, '0')} 00000000:00000000 00:00000000 00000000     0        0 0 2 0000000000000000 0\n`
  }
  return text
}
