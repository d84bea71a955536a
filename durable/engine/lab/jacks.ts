// Where machines from outside can be plugged in: the free ports of switches, of Hyper-V's switches and of machines.
import { Cable, type CableState } from '../link/cable.ts'
import { Jack, type JackState, jackName, type Landlord } from '../link/jack.ts'
import type { LearningSwitch } from '../link/learning-switch.ts'
import { type Attachment, type Device, UNPLUGGED } from '../link/port.ts'
import type { VerdictCode } from '../link/verdict.ts'
import { DEFAULT_SETTINGS } from '../link/virtual-port/settings.ts'
import { NO_MAC, type VirtualSwitch } from '../link/virtual-switch.ts'
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
type Laid = { readonly port: string; readonly jack: Jack; readonly cable: Cable; end: End | undefined }
/** What a jack's cable leads to. */
type End = {
  readonly node: string
  readonly label: string
  readonly device: Device
  readonly port: number
  readonly attach: (attachment: Attachment) => void
  readonly leave: () => void
  readonly landlord: Landlord
}
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
    const known = this.homes().flatMap(({ node, kind, label, ports }) =>
      ports.map((port) => {
        const laid = this.laid.get(port)
        const link = laid?.jack.used ? laid.cable.name : this.cableAt(node, port)
        const state = laid?.jack.used ? ('real' as const) : link === null ? ('free' as const) : ('cable' as const)
        const mac = laid !== undefined && laid.jack.mac !== NO_MAC ? formatMac(laid.jack.mac) : null
        return { port, on: node, kind, label, state, link, mac }
      }),
    )
    const there = new Set(known.map(({ port }) => port))
    const left = this.used().filter(({ port }) => !there.has(port))
    const nowhere = { on: '', kind: 'virtual-switch', label: 'a switch that was removed', state: 'real', mac: null } as const
    return [...known, ...left.map(({ port, cable }) => ({ ...nowhere, port, link: cable.name }))]
  }

  /** Why a machine cannot be plugged in, or undefined. Without `mac` it has the address of its first frame. */
  plugIn(port: string, mac: string | null, origin: number, spoofing = false): string | undefined {
    const view = this.list().find((one) => one.port === port)
    if (!view) return `There is no port ${port}.`
    if (view.state !== 'free') return `Port ${port} is taken.`
    const address = mac === null ? null : parseMac(mac)
    if (address === undefined) return `${mac} is not a MAC address.`
    const known = this.laid.get(port)
    if (!known && this.laid.size >= MOST_JACKS) return `Machines have been at ${MOST_JACKS} ports of this lab; use one of those.`
    const laid = known ?? this.lay(port)
    // The switch of this name may be another one than it was.
    if (laid.end?.node !== view.on) this.lead(laid, view.on)
    const refused = laid.jack.plugIn(address, origin, spoofing)
    if (refused === undefined) laid.cable.plug(true)
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
    if (!laid) return 'no-link'
    // Somebody has removed the switch that it is on.
    if (laid.end === undefined || !this.isThere(laid.end.node)) laid.cable.plug(false)
    return laid.jack.send(bytes)
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

  /** Makes the jack of a port, with its cable. */
  private lay(port: string): Laid {
    const { sim, recorder } = this.world
    const name = linkName(port)
    const cableState = this.world.stored<CableState>(name)
    const state = this.world.stored<JackState>(jackName(port))
    const cable = new Cable(sim, name, PATCH, cableState)
    if (!cableState) cable.plugged = false
    const laid: { -readonly [K in keyof Laid]: Laid[K] } = {
      port,
      cable,
      end: undefined,
      jack: new Jack(sim, recorder, port, state),
    }
    this.world.add(laid.jack)
    this.world.add(cable)
    this.laid.set(port, laid)
    this.hear(port, laid.jack)
    this.parts.links.push({
      name,
      cable,
      a: { node: realNode(port), port: 'real machine' },
      b: {
        get node() {
          return laid.end?.node ?? ''
        },
        get port() {
          return laid.end?.label ?? ''
        },
      },
      kind: 'cable',
    })
    const on = state?.on ?? this.list().find((one) => one.port === port)?.on
    if (on !== undefined) this.lead(laid, on)
    return laid
  }

  /** Lays the cable to what it is on now; to nothing when that is not there any more. */
  private lead(laid: Laid, node: string): void {
    const { jack, cable, port } = laid
    laid.end?.leave()
    laid.end = this.endOf(port, node)
    if (!laid.end) return
    const { device, port: at, attach, landlord } = laid.end
    const [fromJack, fromEnd] = cable.connect(jack, 0, device, at)
    attach(fromEnd)
    jack.moveIn(node, fromJack, landlord)
  }

  private isThere(node: string): boolean {
    return this.parts.switches.has(node) || this.parts.machines.has(node) || this.fabric(node) !== undefined
  }

  private fabric(node: string): VirtualSwitch | undefined {
    for (const { hyperV } of this.parts.machines.values())
      for (const { fabric } of hyperV?.views() ?? []) if (fabric.name === node) return fabric
    return undefined
  }

  /** The port itself is made where the switch has none yet. */
  private endOf(port: string, node: string): End | undefined {
    const [home, number] = port.split(':') as [string, string | undefined]
    const hub = this.parts.switches.get(node)
    if (hub) {
      const index = Number(number) - 1
      while (hub.portCount <= index) hub.addPort()
      const attach = (attachment: Attachment) => hub.attach(index, attachment)
      const label = `port ${number}`
      return { node, label, device: hub, port: index, attach, leave: () => attach(UNPLUGGED), landlord: NOBODY }
    }
    const fabric = this.fabric(node)
    if (fabric) return virtualEnd(fabric, Number(number))
    const machine = this.parts.machines.get(node)
    const via = machine && adaptersOf(machine).find((one) => home === `${node}.${slugOf(one.name)}`)
    if (!machine || !via) return undefined
    const attach = (attachment: Attachment) => machine.stack.attach(via.index, attachment)
    const leave = () => attach(UNPLUGGED)
    return { node, label: via.name, device: machine.stack, port: via.index, attach, leave, landlord: NOBODY }
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
      const slugs = new Set<string>()
      for (const { label, fabric } of machine.hyperV?.views() ?? []) {
        // Hyper-V lets two switches have one name.
        let slug = slugOf(label)
        for (let n = 2; slugs.has(slug); n++) slug = `${slugOf(label)}-${n}`
        slugs.add(slug)
        found.push({ node: fabric.name, kind: 'virtual-switch', label, ports: numbered(`${name}.${slug}`, VIRTUAL_PORTS) })
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

const NOBODY: Landlord = { holder: () => undefined, settle: () => {}, spoofing: () => {} }

export const linkName = (port: string): string => `real/${port}`
/** How the machine at a port is named in the picture, and where its packets were seen. */
export const realNode = (port: string): string => port

/** What of a name can stand in a path. */
const slugOf = (label: string): string =>
  label
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, 48) || 'switch'

const adaptersOf = ({ stack, definition }: Machine) =>
  definition.role === 'guest' ? [] : [...stack.interfaces.values()].filter(({ kind }) => kind === 'ethernet')

/** Ports of real machines come after those of adapters that Hyper-V knows. */
const JACK_PORTS = 10_000

/** Hyper-V's switch knows the address of every adapter and lets nobody else use it (fact sheet 4.14). */
function virtualEnd(fabric: VirtualSwitch, number: number): End {
  const label = `real machine ${number}`
  const port = fabric.addPort(NO_MAC, label, undefined, JACK_PORTS + number)
  return {
    node: fabric.name,
    label,
    device: fabric,
    port,
    attach: (attachment) => fabric.attach(port, attachment),
    leave: () => fabric.removePort(port),
    landlord: {
      holder: (mac) => fabric.holder(mac, port),
      settle: (mac) => fabric.setMac(port, mac),
      spoofing: (on) => fabric.setSettings(port, { ...DEFAULT_SETTINGS, macAddressSpoofing: on }),
    },
  }
}
