import { type Attachment, readAttachment } from './attachment.ts'
import { openConsole } from './consoles.ts'
import { type Batch, broadcast, Open } from './flow.ts'
import type { Live } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { peopleOf, typistOf } from './presence.ts'
import type { Person, ServerMessage } from './protocol.ts'

/** Rows in one message. */
const BATCH = 200
type Kept = Batch & { sent: boolean }

/** Messages that are kept for those who are as far: also short ones, so that all go on together. */
const BATCHES = 32
/** A socket that acknowledged nothing for so many milliseconds, and is so far behind, is told what it missed instead of being sent it. */
const PATIENCE = 5_000
const FURTHEST_BEHIND = 1_000

/**
 * What everybody at a lab is told. All that is known of a socket is in its attachment; what is kept here besides only saves
 * saying something twice, and is gone after a sleep.
 */
export class Room {
  private readonly ctx: DurableObjectState
  private readonly packets: Packets
  private sentPeople = ''
  /** By the sighting they begin after. */
  private readonly batches = new Map<number, Kept>()
  private revision = -1
  private sentTopology = ''
  private readonly sentConsoles = new Map<string, string>()

  constructor(ctx: DurableObjectState, packets: Packets) {
    this.ctx = ctx
    this.packets = packets
  }

  /** Those who have said hello. */
  open(): Open[] {
    return this.ctx.getWebSockets().flatMap((socket) => {
      const its = socket.readyState === WebSocket.OPEN ? readAttachment(socket) : undefined
      return its?.greeted ? [new Open(socket, its)] : []
    })
  }

  /** Whether the page of anybody here is in sight. */
  watched(): boolean {
    return this.attachments().some(({ visible }) => visible)
  }

  people(): Person[] {
    return peopleOf(this.attachments(), Date.now())
  }

  typist(console: string): Attachment | undefined {
    return typistOf(this.attachments(), console, Date.now())
  }

  tellPeople(gone?: WebSocket): void {
    const open = this.open().filter(({ socket }) => socket !== gone)
    const attachments = open.map(({ its }) => its)
    const people = peopleOf(attachments, Date.now())
    const text = JSON.stringify(people)
    if (this.sentPeople === text) return
    this.sentPeople = text
    broadcast(open, { type: 'people', people })
  }

  tellConsoles(live: Live): void {
    for (const { console } of live.lab.consoles()) this.tellConsole(live, console)
  }

  tellConsole(live: Live, console: string): void {
    const message = this.consoleNow(live, console)
    const text = JSON.stringify(message)
    if (!message || this.sentConsoles.get(console) === text) return
    this.sentConsoles.set(console, text)
    broadcast(this.open(), message)
  }

  private consoleNow(live: Live, console: string): ServerMessage | undefined {
    const view = openConsole(live.lab, console)
    if (!view) return undefined
    const typist = this.typist(console)
    const state = { console, prompt: view.prompt, busy: view.busy, typist: typist?.person.personId ?? null }
    return { type: 'console', state, draft: typist?.draft ?? '' }
  }

  tellTopology(live: Live): void {
    const { now, nodes, links } = live.lab.topology()
    const text = JSON.stringify([nodes, links])
    if (this.sentTopology === text) return
    this.sentTopology = text
    broadcast(this.open(), { type: 'topology', topology: { now, nodes, links } })
  }

  /** Somebody was told the whole state. What of it is not as everybody was told it last has to be told again, even as it was. */
  welcomed(live: Live): void {
    const { nodes, links } = live.lab.topology()
    if (this.sentTopology !== JSON.stringify([nodes, links])) this.sentTopology = ''
    for (const [console, text] of this.sentConsoles)
      if (text !== JSON.stringify(this.consoleNow(live, console))) this.sentConsoles.delete(console)
  }

  /** As many batches of packets as the other ends have room for. Those who are as far get the same text. */
  feed(open: readonly Open[]): void {
    const ends = new Set<number>()
    for (const one of open) {
      for (;;) {
        const { greeted, visible, lastPacket } = one.its
        if (!greeted || !visible) break
        const batch = ends.has(lastPacket) ? undefined : this.batchAfter(lastPacket, one.its.credit > 0)
        if (!batch) {
          ends.add(lastPacket)
          if (one.its.asked || one.its.stalledAt > 0) one.keep({ asked: false, stalledAt: 0 })
          break
        }
        if (!one.batch(batch)) {
          if (one.its.stalledAt === 0) one.keep({ stalledAt: Date.now() })
          break
        }
        batch.sent = true
      }
    }
  }

  /** Somebody has room again. Who stood still for long while packets came goes on near the end, and is told what is left out. */
  acknowledged(one: Open, { lab }: Live, batches: number): void {
    const { lastPacket, asked, stalledAt } = one.its
    one.acknowledge(batches)
    one.keep({ stalledAt: 0 })
    const to = lab.nextSighting - 1 - BATCH
    const stood = stalledAt > 0 && Date.now() - stalledAt > PATIENCE
    if (asked || !stood || to - lastPacket < FURTHEST_BEHIND) return
    one.keep({ lastPacket: to })
    one.reply({ type: 'skipped', from: lastPacket + 1, to })
  }

  /** One that nobody was sent grows while it waits: it is made anew for whoever can take it. */
  private batchAfter(after: number, wanted: boolean): Kept | undefined {
    const { revision } = this.packets
    if (this.revision !== revision) this.batches.clear()
    this.revision = revision
    const known = this.batches.get(after)
    if (known && (known.sent || !wanted)) return known
    const page = this.packets.page({ after, limit: BATCH })
    if (page.packets.length === 0) return undefined
    const message: ServerMessage = { type: 'packets', ...page }
    const batch = { text: JSON.stringify(message), next: page.next, sent: false }
    if (this.batches.size >= BATCHES) this.batches.delete(this.batches.keys().next().value ?? after)
    this.batches.set(after, batch)
    return batch
  }

  private attachments(): Attachment[] {
    return this.open().map(({ its }) => its)
  }
}
