// One link as `ip link` and `ip address` print it, in text and in JSON.
import type { LinkView } from '../../../engine/machine/linux/linux-views.ts'
import type { Global } from './global.ts'
import type { Plain } from './json.ts'
import { discipline, flagNames, fullName, groupText, operState } from './kernel-links.ts'

export function linkLines(link: LinkView, links: readonly LinkView[], global: Global, mode: boolean): string[] {
  const master = links.find((one) => one.index === link.master)
  if (link.mirror !== undefined) return mirrorLines(link)
  const words = [
    `${link.index}: ${fullName(link, links)}: <${flagNames(link, links).join(',')}> mtu ${link.mtu} qdisc ${discipline(link)}`,
  ]
  if (master) words.push(`master ${master.name}`)
  words.push(`state ${operState(link)}`)
  if (mode) words.push('mode DEFAULT')
  words.push(`group ${groupText(link.group)} qlen ${link.txqueuelen}`)
  const lines = [words.join(' '), `    ${hardware(link)}${global.details ? details(link, links, mode) : ''}`]
  if (link.alias !== '') lines.push(`    alias ${link.alias}`)
  return lines.flatMap((line) => line.split('\n'))
}

/** In version 1 of the Windows Subsystem for Linux (fact sheet 1.3.14). */
function mirrorLines(link: LinkView): string[] {
  const flags = !link.enabled ? [] : link.mirror === 'loopback' ? ['LOOPBACK', 'UP'] : ['BROADCAST', 'MULTICAST', 'UP']
  const mac = link.mirror === 'loopback' ? '00:00:00:00:00:00' : link.mac
  return [
    `${link.index}: ${link.name}: <${flags.join(',')}> mtu ${link.mtu} group default qlen ${link.txqueuelen}`,
    `    link/${link.mirror} ${mac}`,
  ]
}

export function hardware(link: LinkView): string {
  if (link.kind === 'ppp') return 'link/ppp '
  if (link.kind === 'loopback') return 'link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00'
  const given = link.permanentMac !== '' && link.permanentMac !== link.mac ? ` permaddr ${link.permanentMac}` : ''
  return `link/ether ${link.mac} brd ff:ff:ff:ff:ff:ff${given}`
}

const MTU_LIMITS: { readonly [kind: string]: string } = {
  loopback: 'minmtu 0 maxmtu 0',
  bridge: 'minmtu 68 maxmtu 65535',
  veth: 'minmtu 68 maxmtu 65535',
  vlan: 'minmtu 0 maxmtu 65535',
  dummy: 'minmtu 0 maxmtu 0',
  macvlan: 'minmtu 68 maxmtu 65535',
}

function details(link: LinkView, links: readonly LinkView[], mode: boolean): string {
  const promiscuity = (link.promisc ? 1 : 0) + (link.master === 0 ? 0 : 1)
  const lines = [
    ` promiscuity ${promiscuity}  allmulti ${link.allmulticast || link.master !== 0 ? 1 : 0} ${MTU_LIMITS[link.kind] ?? 'minmtu 68 maxmtu 65521'} `,
  ]
  const kind = kindDetails(link)
  if (kind !== '') lines.push(`    ${kind} `)
  if (link.port) lines.push(`    ${slaveDetails(link, links)} `)
  const queues = link.kind === 'ether' ? 64 : link.kind === 'veth' ? 2 : 1
  const tail = `${mode ? 'addrgenmode eui64 ' : ''}numtxqueues ${queues} numrxqueues ${queues} gso_max_size 65536 gso_max_segs 65535 tso_max_size ${link.kind === 'ether' ? 65536 : 524280} tso_max_segs 65535 gro_max_size 65536 `
  return `${lines.join('\n')}${tail}`
}

function kindDetails(link: LinkView): string {
  if (link.kind === 'vlan') return `vlan protocol 802.1Q id ${link.vlanId} <REORDER_HDR>`
  if (link.kind === 'veth' || link.kind === 'dummy') return link.kind
  if (link.kind === 'macvlan') return `macvlan mode ${link.mode} bcqueuelen 1000 usedbcqueuelen 1000`
  if (!link.bridge) return ''
  const id = `8000.${link.mac}`
  const filtering = link.bridge.vlanFiltering ? 1 : 0
  return `bridge forward_delay 1500 hello_time 200 max_age 2000 ageing_time ${link.bridge.ageing / 10_000} stp_state 0 priority 32768 vlan_filtering ${filtering} vlan_protocol 802.1Q bridge_id ${id} designated_root ${id} root_port 0 root_path_cost 0 topology_change 0 topology_change_detected 0 hello_timer    0.00 tcn_timer    0.00 topology_change_timer    0.00 gc_timer    0.00 vlan_default_pvid ${link.bridge.defaultPvid} vlan_stats_enabled 0 vlan_stats_per_port 0 group_fwd_mask 0 group_address 01:80:c2:00:00:00 mcast_snooping 1`
}

const onOff = (on: boolean): string => (on ? 'on' : 'off')

export function slaveDetails(link: LinkView, links: readonly LinkView[]): string {
  const { port } = link
  if (!port) return ''
  const bridge = links.find((one) => one.index === link.master)
  const id = `8000.${bridge?.mac ?? ''}`
  const number = port.number.toString(16)
  return `bridge_slave state ${portState(link)} priority 32 cost ${portCost(link)} hairpin ${onOff(port.hairpin)} guard off root_block off fastleave off learning ${onOff(port.learning)} flood ${onOff(port.flood)} port_id 0x80${number.padStart(2, '0')} port_no 0x${number} designated_port ${32768 + port.number} designated_cost 0 designated_bridge ${id} designated_root ${id} hold_timer    0.00 message_age_timer    0.00 forward_delay_timer    0.00 topology_change_ack 0 config_pending 0 proxy_arp off proxy_arp_wifi off mcast_router 1 mcast_fast_leave off mcast_flood on bcast_flood on mcast_to_unicast off neigh_suppress off group_fwd_mask 0 group_fwd_mask_str 0x0 vlan_tunnel off isolated ${onOff(port.isolated)} locked off`
}

export const portState = (link: LinkView): string => (link.enabled && link.running ? 'forwarding' : 'disabled')
/** By speed (net/bridge/br_if.c, port_cost). */
export const portCost = (link: LinkView): number => (link.speed >= 10_000_000_000 ? 2 : link.speed >= 1_000_000_000 ? 4 : 100)

export function linkJson(
  link: LinkView,
  links: readonly LinkView[],
  global: Global,
  mode: boolean,
): { [key: string]: Plain | undefined } {
  const lower = links.find((one) => one.index === link.lower)
  const master = links.find((one) => one.index === link.master)
  return {
    ifindex: link.index,
    ...(lower ? { link: lower.name } : {}),
    ifname: link.name,
    flags: flagNames(link, links),
    mtu: link.mtu,
    qdisc: discipline(link),
    ...(master ? { master: master.name } : {}),
    operstate: operState(link),
    ...(mode ? { linkmode: 'DEFAULT' } : {}),
    group: groupText(link.group),
    txqlen: link.txqueuelen,
    link_type: link.kind === 'loopback' ? 'loopback' : link.kind === 'ppp' ? 'ppp' : 'ether',
    ...(link.kind === 'ppp'
      ? {}
      : { address: link.mac, broadcast: link.kind === 'loopback' ? '00:00:00:00:00:00' : 'ff:ff:ff:ff:ff:ff' }),
    ...(link.alias === '' ? {} : { ifalias: link.alias }),
    ...(global.statistics > 0 ? { stats64: countersJson(link) } : {}),
  }
}

const countersJson = ({ counters: c }: LinkView): Plain => ({
  rx: {
    bytes: c.receivedBytes,
    packets: c.receivedPackets,
    errors: c.receivedErrors,
    dropped: c.receivedDropped,
    over_errors: 0,
    multicast: c.multicast,
  },
  tx: {
    bytes: c.sentBytes,
    packets: c.sentPackets,
    errors: c.sentErrors,
    dropped: c.sentDropped,
    carrier_errors: 0,
    collisions: 0,
  },
})

/** The counter tables; a column grows with its number. The empty column at the end is the one for compressed packets. */
export function counterLines(link: LinkView, twice: boolean): string[] {
  const { counters: c } = link
  const rows = [
    [c.receivedBytes, c.receivedPackets, c.receivedErrors, c.receivedDropped, 0, c.multicast],
    [c.sentBytes, c.sentPackets, c.sentErrors, c.sentDropped, 0, 0],
  ].map((row) => row.map(String))
  const widths = [10, 7, 6, 7, 7, 7].map((least, i) => Math.max(least, ...rows.map((row) => row[i]?.length ?? 0)))
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i] ?? 0)).join(' ')
  const head = (title: string, heads: readonly string[]) =>
    `    ${line([`${title}: ${'bytes'.padStart((widths[0] ?? 0) - 4)}`, 'packets', 'errors', 'dropped', ...heads])}${' '.repeat(11)}`
  const fault = (title: string, heads: string, last: number) => [
    `    ${title} errors: ${heads} `,
    `    ${['0', '0', '0', '0'].map((z, i) => z.padStart(i === 0 ? 18 : 7)).join(' ')} ${String(last).padStart(7)} `,
  ]
  return [
    head('RX', ['missed', 'mcast']),
    `    ${line(rows[0] ?? [])} `,
    ...(twice ? fault('RX', ' length    crc   frame    fifo overrun', 0) : []),
    head('TX', ['carrier', 'collsns']),
    `    ${line(rows[1] ?? [])} `,
    ...(twice ? fault('TX', 'aborted   fifo  window heartbt transns', 2) : []),
  ]
}
