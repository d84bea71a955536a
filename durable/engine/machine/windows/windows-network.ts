// What a Windows computer keeps of its network besides addresses and rules: ports set aside, and settings people made.

import { Firewall } from '../../service/firewall.ts'
import type { PortProxy } from '../../service/port-proxy.ts'
import type { SmbServer } from '../../service/smb/server.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Machine } from '../machine.ts'
import { windowsRules } from '../windows-rules.ts'
import { applyHopLimits, forgetActive, keywordAddresses } from './kept-calls.ts'
import type { PacketMonitor } from './packet-monitor.ts'

export type PortRange = { readonly first: number; readonly last: number; readonly administered: boolean }
export type Protocol = 'tcp' | 'udp'

export type WindowsNetworkState = {
  /** Set aside by an administrator. */
  readonly excluded: { readonly [protocol in Protocol]: readonly (readonly [first: number, last: number])[] }
  /** How often WinNAT has drawn its blocks since the computer was switched on. */
  readonly draws: number
  readonly dynamic: { readonly [protocol in Protocol]: readonly [first: number, count: number] }
  /** Settings by what they are about: plain data that other files read. */
  readonly settings: { readonly [about: string]: Json }
}

const MOST_RANGES = 64
const DYNAMIC: readonly [number, number] = [49152, 16384]
/** WSDAPI's port is set aside on every Windows (fact sheet 3.7). */
const WSD = 5357
const BLOCK = 100

export class WindowsNetwork extends StillPart implements Part {
  readonly kind = 'windows-network'
  readonly version = 1
  readonly name: string
  /** What serves others on it, and who watches. */
  portProxy: PortProxy | undefined
  smb: SmbServer | undefined
  monitor: PacketMonitor | undefined
  private readonly machine: Machine
  private readonly ranges: { [protocol in Protocol]: (readonly [first: number, last: number])[] }
  private readonly dynamicRanges: { [protocol in Protocol]: readonly [first: number, count: number] }
  private draws: number
  private readonly settings: { [about: string]: Json }
  private drawn: { readonly key: string; readonly blocks: readonly PortRange[] } | undefined

  constructor(machine: Machine, state?: WindowsNetworkState) {
    super()
    this.machine = machine
    this.name = `${machine.name}/windows-network`
    this.ranges = { tcp: [...(state?.excluded.tcp ?? [])], udp: [...(state?.excluded.udp ?? [])] }
    this.dynamicRanges = { tcp: state?.dynamic.tcp ?? DYNAMIC, udp: state?.dynamic.udp ?? DYNAMIC }
    this.draws = state?.draws ?? 0
    this.settings = { ...state?.settings }
    applyHopLimits(machine, this)
  }

  /** What was set about something; undefined: nothing. */
  setting<T>(about: string): T | undefined {
    return this.settings[about] as T | undefined
  }

  /** Null takes it back. */
  set(about: string, value: Json): void {
    if (value === null) delete this.settings[about]
    else this.settings[about] = value
  }

  get abouts(): string[] {
    return Object.keys(this.settings)
  }

  dynamicPorts(protocol: Protocol): readonly [first: number, count: number] {
    return this.dynamicRanges[protocol]
  }

  setDynamicPorts(protocol: Protocol, first: number, count: number): boolean {
    if (first < 1024 || count < 255 || first + count > 65_536) return false
    this.dynamicRanges[protocol] = [first, count]
    return true
  }

  /** By first port: what Windows, WinNAT and administrators set aside. */
  excludedPorts(protocol: Protocol): PortRange[] {
    const administered = this.ranges[protocol].map(([first, last]) => ({ first, last, administered: true }))
    const own = protocol === 'tcp' ? [{ first: WSD, last: WSD, administered: false }] : []
    return [...own, ...this.blocks(protocol), ...administered].sort((a, b) => a.first - b.first)
  }

  isExcluded(protocol: Protocol, port: number): boolean {
    return this.excludedPorts(protocol).some(({ first, last }) => port >= first && port <= last && port !== WSD)
  }

  exclude(protocol: Protocol, first: number, last: number): 'ok' | 'exists' | 'invalid' {
    if (first < 1 || last > 65_535 || last < first || this.ranges[protocol].length >= MOST_RANGES) return 'invalid'
    if (this.excludedPorts(protocol).some((range) => first <= range.last && last >= range.first)) return 'exists'
    this.ranges[protocol].push([first, last])
    return 'ok'
  }

  include(protocol: Protocol, first: number, last: number): boolean {
    const at = this.ranges[protocol].findIndex(([from, to]) => from === first && to === last)
    if (at >= 0) this.ranges[protocol].splice(at, 1)
    return at >= 0
  }

  /** HNS and WinNAT take blocks of a hundred ports of the dynamic range at every start (fact sheet 3.7, 4.6). */
  private blocks(protocol: Protocol): readonly PortRange[] {
    const { machine } = this
    if (machine.definition.hyperV === null) return []
    const key = `${machine.name}/excluded/${protocol}/${machine.boots}/${this.draws}`
    if (this.drawn?.key === key) return this.drawn.blocks
    const random = machine.sim.random(key)
    const first = 49_700 + random.below(60) * BLOCK
    const blocks = [0, 1 + random.below(20), 25 + random.below(30)].map((far) => ({
      first: first + far * BLOCK,
      last: first + far * BLOCK + BLOCK - 1,
      administered: false,
    }))
    this.drawn = { key, blocks }
    return blocks
  }

  /** WinNAT was stopped and started again. */
  redraw(): void {
    this.draws++
  }

  /** The computer was switched off: what only held for the moment. */
  clear(): void {
    this.monitor?.stop()
    forgetActive(this)
    if (this.draws === 0) return
    this.draws = 0
  }

  save(): WindowsNetworkState & Json {
    return {
      excluded: this.ranges,
      draws: this.draws,
      dynamic: this.dynamicRanges,
      settings: this.settings,
    } as WindowsNetworkState & Json
  }
}

export const networkOf = (machine: Machine): WindowsNetwork =>
  machine.world.add(new WindowsNetwork(machine, machine.world.stored(`${machine.name}/windows-network`)))

/** With the rules of a fresh computer. Its stack stands already. */
export function firewallOf(machine: Machine): Firewall {
  const { world, definition, stack, name } = machine
  const rules = windowsRules(definition.answersPing, definition.hyperV !== null)
  return world.add(new Firewall(stack, rules, world.stored(`${name}/firewall`), (id) => keywordAddresses(machine.network, id)))
}

const FORWARDING = 'forwarding'

/** Adapters of shared networks on which people enabled forwarding. */
export const forwardingByHand = ({ network }: Machine): readonly number[] => network?.setting<number[]>(FORWARDING) ?? []

export function enableForwarding(machine: Machine, index: number, on: boolean): void {
  const others = forwardingByHand(machine).filter((one) => one !== index)
  machine.network?.set(FORWARDING, on ? [...others, index] : others)
}
