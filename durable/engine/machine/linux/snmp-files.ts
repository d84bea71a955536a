// /proc/net/snmp and /proc/net/snmp6: what the protocols have counted (net/ipv4/proc.c, net/ipv6/proc.c). What is not counted here
// is told as 0, as by a kernel to which it never happened.
import type { MibView } from '../../ip/mib.ts'
import { maySend } from '../../ip/tcp/state.ts'
import type { SystemFiles } from '../files.ts'
import type { Machine } from '../machine.ts'

const countOf = (list: MibView['icmpIn'], type: number): number => list.find(([one]) => one === type)?.[1] ?? 0
const allOf = (list: MibView['icmpIn']): number => list.reduce((sum, [, count]) => sum + count, 0)

/** Names of ICMP messages in the order of the file, and their types. */
const ICMP_TYPES = [
  ['DestUnreachs', 3],
  ['TimeExcds', 11],
  ['ParmProbs', 12],
  ['SrcQuenchs', 4],
  ['Redirects', 5],
  ['Echos', 8],
  ['EchoReps', 0],
  ['Timestamps', 13],
  ['TimestampReps', 14],
  ['AddrMasks', 17],
  ['AddrMaskReps', 18],
] as const

const ICMP6_TYPES = [
  ['DestUnreachs', 1],
  ['PktTooBigs', 2],
  ['TimeExcds', 3],
  ['ParmProblems', 4],
  ['Echos', 128],
  ['EchoReplies', 129],
  ['GroupMembQueries', 130],
  ['GroupMembResponses', 131],
  ['GroupMembReductions', 132],
  ['RouterSolicits', 133],
  ['RouterAdvertisements', 134],
  ['NeighborSolicits', 135],
  ['NeighborAdvertisements', 136],
  ['Redirects', 137],
  ['MLDv2Reports', 143],
] as const

type Row = readonly (readonly [name: string, value: number])[]
const rowText = (name: string, row: Row): string =>
  `${name}: ${row.map(([key]) => key).join(' ')}\n${name}: ${row.map(([, value]) => value).join(' ')}\n`

function snmp({ stack, linux }: Machine): string {
  const { mib, tcp } = stack
  const m = mib.view
  const c = tcp.counters
  const established = [...tcp.connections].filter(({ state }) => maySend(state)).length
  const ip: Row = [
    ['Forwarding', linux?.policy.get('net.ipv4.ip_forward') === '0' ? 2 : 1],
    ['DefaultTTL', linux?.policy.ttl ?? stack.profile.ttl],
    ['InReceives', m.inReceives],
    ['InHdrErrors', m.inHdrErrors],
    ['InAddrErrors', m.inAddrErrors],
    ['ForwDatagrams', m.forwDatagrams],
    ['InUnknownProtos', m.inUnknownProtos],
    ['InDiscards', m.inDiscards],
    ['InDelivers', m.inDelivers],
    ['OutRequests', m.outRequests],
    ['OutDiscards', m.outDiscards],
    ['OutNoRoutes', m.outNoRoutes],
    ['ReasmTimeout', m.reasmFails],
    ['ReasmReqds', m.reasmReqds],
    ['ReasmOKs', m.reasmOks],
    ['ReasmFails', m.reasmFails],
    ['FragOKs', m.fragOks],
    ['FragFails', m.fragFails],
    ['FragCreates', m.fragCreates],
  ]
  const icmp: Row = [
    ['InMsgs', allOf(m.icmpIn)],
    ['InErrors', m.icmpInErrors],
    ['InCsumErrors', 0],
    ...ICMP_TYPES.map(([name, type]) => [`In${name}`, countOf(m.icmpIn, type)] as const),
    ['OutMsgs', allOf(m.icmpOut)],
    ['OutErrors', m.icmpOutErrors],
    ['OutRateLimitGlobal', 0],
    ['OutRateLimitHost', 0],
    ...ICMP_TYPES.map(([name, type]) => [`Out${name}`, countOf(m.icmpOut, type)] as const),
  ]
  const byType: Row = [
    ...sorted(m.icmpIn).map(([type, count]) => [`InType${type}`, count] as const),
    ...sorted(m.icmpOut).map(([type, count]) => [`OutType${type}`, count] as const),
  ]
  const tcpRow: Row = [
    ['RtoAlgorithm', 1],
    ['RtoMin', 200],
    ['RtoMax', 120_000],
    ['MaxConn', -1],
    ['ActiveOpens', c.activeOpens],
    ['PassiveOpens', c.passiveOpens],
    ['AttemptFails', c.attemptFails],
    ['EstabResets', c.estabResets],
    ['CurrEstab', established],
    ['InSegs', c.inSegs],
    ['OutSegs', c.outSegs],
    ['RetransSegs', c.retransSegs],
    ['InErrs', c.inErrs],
    ['OutRsts', c.outRsts],
    ['InCsumErrors', 0],
  ]
  const udp = udpRow(m)
  const none: Row = udp.map(([name]) => [name, 0])
  return [
    rowText('Ip', ip),
    rowText('Icmp', icmp),
    byType.length === 0 ? '' : rowText('IcmpMsg', byType),
    rowText('Tcp', tcpRow),
    rowText('Udp', udp),
    rowText('UdpLite', none),
  ].join('')
}

const sorted = (list: MibView['icmpIn']): MibView['icmpIn'] => list.toSorted(([a], [b]) => a - b)

const udpRow = (m: MibView): Row => [
  ['InDatagrams', m.udpInDatagrams],
  ['NoPorts', m.udpNoPorts],
  ['InErrors', m.udpInErrors],
  ['OutDatagrams', m.udpOutDatagrams],
  ['RcvbufErrors', 0],
  ['SndbufErrors', 0],
  ['InCsumErrors', 0],
  ['IgnoredMulti', 0],
  ['MemErrors', 0],
]

function snmp6({ ip6 }: Machine): string {
  const m = ip6.mib.view
  const rows: Row = [
    ['Ip6InReceives', m.inReceives],
    ['Ip6InHdrErrors', m.inHdrErrors],
    ['Ip6InTooBigErrors', 0],
    ['Ip6InNoRoutes', 0],
    ['Ip6InAddrErrors', m.inAddrErrors],
    ['Ip6InUnknownProtos', m.inUnknownProtos],
    ['Ip6InTruncatedPkts', 0],
    ['Ip6InDiscards', m.inDiscards],
    ['Ip6InDelivers', m.inDelivers],
    ['Ip6OutForwDatagrams', m.forwDatagrams],
    ['Ip6OutRequests', m.outRequests],
    ['Ip6OutDiscards', m.outDiscards],
    ['Ip6OutNoRoutes', m.outNoRoutes],
    ['Ip6ReasmTimeout', m.reasmFails],
    ['Ip6ReasmReqds', m.reasmReqds],
    ['Ip6ReasmOKs', m.reasmOks],
    ['Ip6ReasmFails', m.reasmFails],
    ['Ip6FragOKs', m.fragOks],
    ['Ip6FragFails', m.fragFails],
    ['Ip6FragCreates', m.fragCreates],
    ['Icmp6InMsgs', allOf(m.icmpIn)],
    ['Icmp6InErrors', m.icmpInErrors],
    ['Icmp6OutMsgs', allOf(m.icmpOut)],
    ['Icmp6OutErrors', m.icmpOutErrors],
    ['Icmp6InCsumErrors', 0],
    ...ICMP6_TYPES.map(([name, type]) => [`Icmp6In${name}`, countOf(m.icmpIn, type)] as const),
    ...ICMP6_TYPES.map(([name, type]) => [`Icmp6Out${name}`, countOf(m.icmpOut, type)] as const),
    ...sorted(m.icmpIn).map(([type, count]) => [`Icmp6InType${type}`, count] as const),
    ...sorted(m.icmpOut).map(([type, count]) => [`Icmp6OutType${type}`, count] as const),
    ...udpRow(m).map(([name, value]) => [`Udp6${name}`, value] as const),
  ]
  return rows.map(([name, value]) => `${name.padEnd(32)}\t${value}\n`).join('')
}

export const snmpFiles = (machine: Machine): SystemFiles => ({
  '/proc/net/snmp': () => snmp(machine),
  '/proc/net/snmp6': () => snmp6(machine),
})
