// A whole lab that is fed with frames as nobody should send them, on every type of port.
import type { LabDefinition } from '../lab/definition.ts'
import { Lab } from '../lab/lab.ts'
import type { Frame } from '../link/frame.ts'
import type { VirtualSwitch } from '../link/virtual-switch.ts'
import type { Part } from '../sim/part.ts'
import { FrameFuzz, type FuzzTarget } from './frame-fuzz.ts'
import { ethernet as samples } from './fuzz-samples.ts'
import { scriptShells } from './script-shell.ts'

export type FuzzPort = { readonly kind: string; readonly target: () => FuzzTarget; readonly receive: (frame: Frame) => void }

export type FuzzResult = {
  readonly frames: number
  readonly exceptions: number
  /** The first exception: seed, number of the frame, port, and what was thrown. */
  readonly first: string
  readonly byPort: ReadonlyMap<string, number>
}

const MICROS_A_FRAME = 200
/** Events that one frame may cause, at most, before something runs in circles. */
const EVENTS_A_FRAME = 200_000

const LINES: readonly (readonly [string, string])[] = [
  ['ubuntu1', 'ping {"host":"www.example.com","count":1,"size":3000,"timeoutMs":1000,"intervalMs":1000,"dialect":"linux"}'],
  ['pc', 'vpn {"action":"connect","name":"Campus VPN"}'],
]

export class FuzzLab {
  readonly lab: Lab
  readonly ports: readonly FuzzPort[]
  private readonly fuzz: FrameFuzz
  private readonly seed: number
  private count = 0
  private thrown = 0
  private first = ''
  private readonly byPort = new Map<string, number>()

  constructor(definition: LabDefinition, seed: number, ring?: { slots: number; bytes: number }) {
    this.seed = seed
    this.lab = new Lab(definition, seed, scriptShells, undefined, ring)
    LINES.forEach(([console, line], at) => {
      this.lab.exec(console, line, at + 1)
    })
    this.ports = portsOf(this.lab)
    const seen = this.lab.sightings(0).filter(({ vantage }) => this.lab.vantages[vantage]?.linkType === 'ethernet')
    this.fuzz = new FrameFuzz(seed, [...samples, ...seen.map(({ bytes }) => bytes)])
  }

  run(frames: number): FuzzResult {
    const { sim } = this.lab.parts
    for (let left = frames; left > 0; left--) {
      const port = this.ports[this.fuzz.below(this.ports.length)]
      this.count++
      this.byPort.set(port.kind, (this.byPort.get(port.kind) ?? 0) + 1)
      try {
        const bytes = this.fuzz.next(port.target())
        sim.cause = 0
        sim.origin = 0
        port.receive({ bytes, id: ++sim.lastPacket, cause: 0, origin: 0, stored: -1 })
        if (!sim.run(sim.now + MICROS_A_FRAME, EVENTS_A_FRAME)) throw new Error(`more than ${EVENTS_A_FRAME} events`)
      } catch (error) {
        this.thrown++
        if (this.first === '')
          this.first = `seed ${this.seed}, frame ${this.count}, ${port.kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
      }
    }
    return { frames: this.count, exceptions: this.thrown, first: this.first, byPort: this.byPort }
  }

  /** The largest list in the state of each kind of part: what a table that grows without end would show in. */
  tables(): Map<string, number> {
    const found = new Map<string, number>()
    for (const { kind, data } of this.lab.save().parts) measure(JSON.parse(data), kind, 0, found)
    return found
  }
}

function measure(value: unknown, name: string, depth: number, found: Map<string, number>): void {
  if (Array.isArray(value)) {
    if (value.length > (found.get(name) ?? 0)) found.set(name, value.length)
    if (depth < 4) for (const each of value) measure(each, `${name}[]`, depth + 1, found)
  } else if (typeof value === 'object' && value !== null && depth < 4)
    for (const [key, each] of Object.entries(value)) measure(each, `${name}.${key}`, depth + 1, found)
}

/** Every adapter of every machine, every port of every switch, and the tunnels. */
function portsOf(lab: Lab): FuzzPort[] {
  const { sim, machines, switches, links } = lab.parts
  const ports: FuzzPort[] = []
  const stations: FuzzTarget[] = []
  for (const machine of machines.values()) {
    const { stack, definition } = machine
    const { nat } = definition
    for (const via of [...stack.interfaces.values()]) {
      if (via.kind === 'loopback') continue
      const target = (): FuzzTarget => {
        let peer: { readonly ip: number; readonly mac: number } | undefined
        for (const neighbor of via.neighbors.all) peer ??= neighbor
        return { mac: via.mac, ip: via.primary?.ip ?? 0, peerMac: peer?.mac ?? 0x020000000001, peerIp: peer?.ip ?? 0x08080808 }
      }
      if (via.kind === 'ppp') {
        const inTunnel = (frame: Frame) => stack.receiveIp(via.index, { ...frame, bytes: frame.bytes.subarray(14) })
        ports.push({ kind: 'tunnel', target, receive: inTunnel })
        continue
      }
      const kind = nat?.inside.includes(via.name)
        ? 'nat inside'
        : nat?.outside === via.name
          ? 'nat outside'
          : via.hidden
            ? 'host adapter'
            : definition.role
      stations.push(target())
      ports.push({ kind, target, receive: (frame) => stack.receive(via.index, frame) })
    }
  }
  const anybody = (): FuzzTarget => {
    const [one, other] = [stations[sim.lastPacket % stations.length], stations[(sim.lastPacket * 7 + 1) % stations.length]]
    return { ...one, peerMac: other.mac, peerIp: other.ip }
  }
  for (const hub of switches.values()) {
    const count = links.filter(({ a, b }) => a.node === hub.name || b.node === hub.name).length
    for (let port = 0; port < count; port++)
      ports.push({ kind: 'switch or access point', target: anybody, receive: (frame) => hub.receive(port, frame) })
  }
  for (const part of sim.parts()) {
    if (!isVirtualSwitch(part)) continue
    part.portList.forEach(({ mac }, port) => {
      const target = () => ({ ...anybody(), peerMac: sim.lastPacket % 4 === 0 ? 0x020000000001 : mac })
      ports.push({ kind: 'virtual switch', target, receive: (frame) => part.receive(port, frame) })
    })
  }
  return ports
}

const isVirtualSwitch = (part: Part): part is VirtualSwitch => part.kind === 'virtual-switch'
