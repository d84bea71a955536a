// Drives a lab event by event: what a person does at given times, and every frame and text that came of it.

import type { LabDefinition } from '../lab/definition.ts'
import { Lab } from '../lab/lab.ts'
import type { Shells, StoredLab } from '../lab/lab-api.ts'
import { SECOND } from '../sim/time.ts'
import { hex } from '../wire/bytes.ts'

/** At this many seconds of lab time (after the start), this is typed into a console, a cable pulled or Ctrl-C pressed. */
export type Act =
  | { readonly at: number; readonly console: string; readonly line: string }
  | { readonly at: number; readonly interrupt: string }
  | { readonly at: number; readonly link: string; readonly plugged: boolean }

/** More than this between two acts means that something runs in circles. */
const MOST_EVENTS = 20_000

export class LabWalk {
  lab: Lab
  /** Every sighting, as text that compares. */
  readonly frames: string[] = []
  /** What every console printed. */
  readonly texts = new Map<string, string>()
  restored = 0
  private readonly shells: Shells
  private next = 0
  private steps = 0
  private command = 0

  constructor(definition: LabDefinition, seed: number, shells: Shells) {
    this.shells = shells
    this.lab = new Lab(definition, seed, shells)
    this.read()
  }

  /** Plays the acts, each at its time, then goes on until `until`; after every `every` events the lab is stored and restored. */
  play(acts: readonly Act[], until: number, every = 0): this {
    const start = this.lab.now
    for (const act of [...acts, undefined]) {
      this.runTo(start + Math.round((act?.at ?? until) * SECOND), every)
      if (act !== undefined) this.act(act)
      this.gather()
    }
    return this
  }

  private runTo(time: number, every: number): void {
    const sim = () => this.lab.parts.sim
    for (let left = MOST_EVENTS; sim().step(time); left--) {
      if (left === 0) throw new Error(`does not get on at ${sim().now}: ${sim().unsettled().join(', ')}`)
      this.gather()
      if (every > 0 && ++this.steps % every === 0) this.restore()
    }
    if (time > sim().now) sim().now = time
  }

  private act(act: Act): void {
    const { machines, links, sim } = this.lab.parts
    const session = (console: string) => machines.get(console.split(':')[0] as string)?.session(console)
    sim.cause = 0
    sim.origin = ++this.command
    if ('line' in act) session(act.console)?.enter(act.line, this.command)
    else if ('interrupt' in act) session(act.interrupt)?.interrupt()
    else links.find(({ name }) => name === act.link)?.cable.plug(act.plugged)
  }

  /** Away with everything but the rows, as text. */
  restore(): void {
    const { definition, seed } = this.lab
    const stored = JSON.parse(JSON.stringify(this.lab.save())) as StoredLab
    this.lab = new Lab(definition, seed, this.shells, stored)
    this.restored++
    this.read()
  }

  /** One event can see more than the ring holds: then it is read in its middle. */
  private read(): void {
    this.lab.readBy(() => this.gather())
    this.gather()
  }

  private gather(): void {
    for (const s of this.lab.sightings(this.next)) {
      const { machine, adapter } = this.lab.vantages[s.vantage] ?? { machine: '?', adapter: '?' }
      const place = `${machine}/${adapter} ${s.direction}`
      this.frames.push(
        `${s.sequence} ${s.time} ${s.packet}<${s.cause} ${s.origin} ${place} ${s.verdict} ${s.detail} ${hex(s.bytes, 0, s.bytes.length)}`,
      )
    }
    this.next = this.lab.nextSighting
    for (const { console, text, ended } of this.lab.takeOutput())
      this.texts.set(console, `${this.texts.get(console) ?? ''}${text}${ended ? `[${ended.exitStatus}]\n` : ''}`)
  }

  /** The rows of all parts, as they would be stored now. */
  rows(): string[] {
    return this.lab.save().parts.map(({ name, kind, data }) => `${name} ${kind} ${data}`)
  }
}
