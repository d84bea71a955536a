// Where machines from outside can be plugged in: the free ports of switches, of Hyper-V's switches and of machines.
import { Cable, type CableState } from '../link/cable.ts'
import { Jack, type JackState, jackName } from '../link/jack.ts'
import type { LearningSwitch } from '../link/learning-switch.ts'
import type { VerdictCode } from '../link/verdict.ts'
import { NO_MAC } from '../link/virtual-switch.ts'
import type { HyperV } from '../machine/hyper-v/hyper-v.ts'
import type { Machine } from '../machine/machine.ts'
import type { World } from '../machine/world.ts'
import { formatMac, parseMac } from '../wire/addresses.ts'
import type { Link } from './build.ts'
import type { PortView, StoredLab } from './lab-api.ts'

/** Patch cable and adapter of the machine: a metre or two of gigabit Ethernet. */
const PATCH = { latency: 5, rate: 1_000_000_000 } as const
/** Sizes that switches are sold in; a switch has the first that leaves two ports free. */
const SIZES = [8, 16, 24, 48, 64, 128, 256, 512] as const
/** A virtual switch has no number of ports; so many are for machines from outside. */
const VIRTUAL_PORTS = 8
/** Jacks a lab can have had machines at. They stay, as their packets do. */
export const MOST_JACKS = 64

type Parts = {
  readonly machines: ReadonlyMap<string, Machine>
  readonly switches: ReadonlyMap<string, LearningSwitch>
  readonly links: Link[]
}
/** A jack with the cable at whose end it is. */
type Laid = { readonly port: string; readonly jack: Jack; readonly cable: Cable; readonly node: string }
export type Sink = (port: string, bytes: Uint8Array) => void

export class Jacks {
  private readonly world: World
  private readonly parts: Parts
  private readonly laid = new Map<string, Laid>()
  /** Ports of each switch that the definition takes. */
  private readonly taken = new Map<string, number>()
  private sink: Sink | undefined

  constructor(world: World, parts: Parts, stored: StoredLab | undefined) {
    this.world = world
    this.parts = parts
    for (const [name, { portCount }] of parts.switches) this.taken.set(name, portCount)
    const numbers = stored?.clock.numbers ?? {}
    const rows = (stored?.parts ?? []).filter(({ kind }) => kind === 'jack')
    rows.sort((a, b) => (numbers[a.name] ?? 0) - (numbers[b.name] ?? 0))
    for (const { name } of rows) this.lay(name.slice(jackName('').length))
  }

  /** Every port that there is, free or not. */
  list(): PortView[] {
    return this.homes().flatMap(({ node, kind, label, ports }) =>
      ports.map((port) => {
        const laid = this.laid.get(port)
        const link = laid?.jack.used ? laid.cable.name : this.cableAt(node, port)
        const state = laid?.jack.used ? ('real' as const) : link === null ? ('free' as const) : ('cable' as const)
        const mac = laid !== undefined && laid.jack.mac !== NO_MAC ? formatMac(laid.jack.mac) : null
        return { port, on: node, kind, label, state, link, mac }
      }),
    )
  }

  /** Why a machine cannot be plugged in, or undefined. Without `mac` it has the address of its first frame. */
  plugIn(port: string, mac: string | null, origin: number): string | undefined {
    const view = this.list().find((one) => one.port === port)
    if (!view) return `There is no port ${port}.`
    if (view.state !== 'free') return `Port ${port} is taken.`
    const address = mac === null ? null : parseMac(mac)
    if (address === undefined) return `${mac} is not a MAC address.`
    const known = this.laid.get(port)
    if (!known && this.laid.size >= MOST_JACKS) return `Machines have been at ${MOST_JACKS} ports of this lab; use one of those.`
    const { jack, cable } = known ?? this.lay(port)
    const refused = jack.plugIn(address, origin)
    if (refused === undefined) cable.plug(true)
    return refused
  }

  unplug(port: string): string | undefined {
    const laid = this.laid.get(port)
    if (!laid?.jack.used) return `No machine is plugged in at ${port}.`
    laid.jack.unplug()
    laid.cable.plug(false)
    return undefined
  }

  /** A frame from the machine at a port; answers why it was dropped. */
  send(port: string, bytes: Uint8Array): VerdictCode | undefined {
    const laid = this.laid.get(port)
    return laid ? laid.jack.send(bytes) : 'no-link'
  }

  /** Where frames for machines go. */
  listen(sink: Sink | undefined): void {
    this.sink = sink
    for (const { port, jack } of this.laid.values()) this.hear(port, jack)
  }

  /** Those at which a machine is. */
  used(): readonly Laid[] {
    return [...this.laid.values()].filter(({ jack }) => jack.used)
  }

  /** Its cable is there only while a machine is. */
  isIdle(link: Link): boolean {
    return [...this.laid.values()].some(({ jack, cable }) => cable === link.cable && !jack.used)
  }

  private hear(port: string, jack: Jack): void {
    const { sink } = this
    jack.sink = sink && ((bytes) => sink(port, bytes))
  }

  /** Makes the jack of a port, and the port itself where the switch has none yet. */
  private lay(port: string): Laid {
    const { sim, recorder } = this.world
    const name = linkName(port)
    const state = this.world.stored<CableState>(name)
    const cable = new Cable(sim, name, PATCH, state)
    if (!state) cable.plugged = false
    const end = this.endOf(port)
    const jack = new Jack(sim, recorder, port, end.landlord, this.world.stored<JackState>(jackName(port)))
    this.world.add(jack)
    this.world.add(cable)
    const [fromJack, fromEnd] = cable.connect(jack, 0, end.device, end.port)
    jack.attach(fromJack)
    end.attach(fromEnd)
    const laid = { port, jack, cable, node: end.node }
    this.laid.set(port, laid)
    this.hear(port, jack)
    this.parts.links.push({
      name,
      cable,
      a: { node: realNode(port), port: 'real machine' },
      b: { node: end.node, port: end.label },
      kind: 'cable',
    })
    return laid
  }

  private endOf(port: string) {
    const [home, number] = port.split(':') as [string, string | undefined]
    const hub = this.parts.switches.get(home)
    if (hub) {
      const index = Number(number) - 1
      while (hub.portCount <= index) hub.addPort()
      const attach = (attachment: Parameters<LearningSwitch['attach']>[1]) => hub.attach(index, attachment)
      return { device: hub, port: index, attach, node: home, label: `port ${number}`, landlord: NOBODY }
    }
    const [name, slug] = home.split('.') as [string, string]
    const machine = this.parts.machines.get(name)
    if (machine?.hyperV && number !== undefined) return virtualEnd(machine.hyperV, number)
    const via = machine && adaptersOf(machine).find((one) => slugOf(one.name) === slug)
    if (!machine || !via) throw new Error(`port ${port} is on nothing`)
    const attach = (attachment: typeof via.attachment) => machine.stack.attach(via.index, attachment)
    return { device: machine.stack, port: via.index, attach, node: name, label: via.name, landlord: NOBODY }
  }

  private homes() {
    const { switches, machines } = this.parts
    const found: { node: string; kind: PortView['kind']; label: string; ports: string[] }[] = []
    const numbered = (home: string, count: number) => Array.from({ length: count }, (_, at) => `${home}:${at + 1}`)
    for (const name of switches.keys()) {
      const taken = this.taken.get(name) ?? 0
      const size = SIZES.find((one) => one >= taken + 2) ?? taken
      found.push({ node: name, kind: 'switch', label: name, ports: numbered(name, size) })
    }
    for (const [name, machine] of machines) {
      for (const fabric of machine.hyperV ? [machine.hyperV.fabric] : []) {
        const label = fabric.name.slice(fabric.name.lastIndexOf('/') + 1)
        const ports = numbered(`${name}.${slugOf(label)}`, VIRTUAL_PORTS)
        found.push({ node: fabric.name, kind: 'virtual-switch', label, ports })
      }
      const free = adaptersOf(machine).filter(({ name: adapter }) => !this.isCabled(name, adapter))
      for (const via of free) found.push({ node: name, kind: 'machine', label: via.name, ports: [`${name}.${slugOf(via.name)}`] })
    }
    return found
  }

  /** The cable of the lab itself at a port. */
  private cableAt(node: string, port: string): string | null {
    const label = `port ${port.split(':')[1]}`
    const at = (end: { node: string; port: string }) => end.node === node && end.port === label
    const link = this.parts.links.find((one) => (at(one.a) || at(one.b)) && one.name !== linkName(port))
    return link?.name ?? null
  }

  private isCabled(machine: string, adapter: string): boolean {
    const at = (end: { node: string; port: string }) => end.node === machine && end.port === adapter
    return this.parts.links.some((link) => (at(link.a) || at(link.b)) && !link.name.startsWith(linkName('')))
  }
}

const NOBODY = { holder: () => undefined, settle: () => {} }

export const linkName = (port: string): string => `real/${port}`
/** How the machine at a port is named in the picture. */
export const realNode = (port: string): string => `real/${port}`

const slugOf = (label: string): string => label.toLowerCase().replace(/[^a-z0-9]+/g, '-')

const adaptersOf = ({ stack, definition }: Machine) =>
  definition.role === 'guest' ? [] : [...stack.interfaces.values()].filter(({ kind }) => kind === 'ethernet')

/** Ports of real machines come after those of adapters that Hyper-V knows. */
const JACK_PORTS = 10_000

/** Hyper-V's switch knows the address of every adapter and lets nobody else use it (fact sheet 4.14). */
function virtualEnd({ fabric }: HyperV, number: string) {
  const label = `real machine ${number}`
  const port = fabric.addPort(NO_MAC, label, undefined, JACK_PORTS + Number(number))
  return {
    device: fabric,
    port,
    attach: (attachment: Parameters<typeof fabric.attach>[1]) => fabric.attach(port, attachment),
    node: fabric.name,
    label,
    landlord: {
      holder: (mac: number) => fabric.holder(mac, port),
      settle: (mac: number) => fabric.setMac(port, mac),
    },
  }
}
