// What a stack counts of one family, by the names of RFC 4293 (IP and ICMP) and RFC 4113 (UDP). TCP counts for itself (RFC 4022).
// Read by `netstat -s` and /proc/net/snmp; forgotten when the machine is switched off.
import type { Json } from '../sim/json.ts'

const IP_COUNTERS = [
  'inReceives',
  'inHdrErrors',
  'inAddrErrors',
  'inUnknownProtos',
  'inDiscards',
  'inDelivers',
  'forwDatagrams',
  'outRequests',
  'outDiscards',
  'outNoRoutes',
  'reasmReqds',
  'reasmOks',
  'reasmFails',
  'fragOks',
  'fragFails',
  'fragCreates',
  'icmpInErrors',
  'icmpOutErrors',
  'udpInDatagrams',
  'udpNoPorts',
  'udpInErrors',
  'udpOutDatagrams',
] as const

export type MibCounter = (typeof IP_COUNTERS)[number]
/** ICMP messages by type. */
type ByType = readonly (readonly [type: number, count: number])[]
export type MibView = { readonly [counter in MibCounter]: number } & { readonly icmpIn: ByType; readonly icmpOut: ByType }

/** The counters in the order above; those younger than a row are 0 in it. */
export type StoredMib = readonly [counters: readonly number[], icmpIn: ByType, icmpOut: ByType]

export class Mib implements Record<MibCounter, number> {
  inReceives = 0
  inHdrErrors = 0
  inAddrErrors = 0
  inUnknownProtos = 0
  inDiscards = 0
  inDelivers = 0
  forwDatagrams = 0
  outRequests = 0
  outDiscards = 0
  outNoRoutes = 0
  reasmReqds = 0
  reasmOks = 0
  reasmFails = 0
  fragOks = 0
  fragFails = 0
  fragCreates = 0
  icmpInErrors = 0
  icmpOutErrors = 0
  udpInDatagrams = 0
  udpNoPorts = 0
  udpInErrors = 0
  udpOutDatagrams = 0
  private readonly icmpIn = new Map<number, number>()
  private readonly icmpOut = new Map<number, number>()

  heardIcmp(type: number): void {
    this.icmpIn.set(type, (this.icmpIn.get(type) ?? 0) + 1)
  }

  saidIcmp(type: number): void {
    this.icmpOut.set(type, (this.icmpOut.get(type) ?? 0) + 1)
  }

  get view(): MibView {
    const counters = Object.fromEntries(IP_COUNTERS.map((name) => [name, this[name]])) as Record<MibCounter, number>
    return { ...counters, icmpIn: [...this.icmpIn], icmpOut: [...this.icmpOut] }
  }

  clear(): void {
    for (const name of IP_COUNTERS) this[name] = 0
    this.icmpIn.clear()
    this.icmpOut.clear()
  }

  save(): Json {
    return [IP_COUNTERS.map((name) => this[name]), [...this.icmpIn].map((e) => [...e]), [...this.icmpOut].map((e) => [...e])]
  }

  /** Undefined: a row of before anything was counted. */
  load(stored: StoredMib | undefined): void {
    this.clear()
    const [counters, heard, said] = stored ?? [[], [], []]
    IP_COUNTERS.forEach((name, at) => {
      this[name] = counters[at] ?? 0
    })
    for (const [type, count] of heard) this.icmpIn.set(type, count)
    for (const [type, count] of said) this.icmpOut.set(type, count)
  }
}
