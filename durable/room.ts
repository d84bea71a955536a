import { type Attachment, readAttachment } from './attachment.ts'
import { openConsole } from './consoles.ts'
import type { Caller } from './contract.ts'
import { type Batch, broadcast, Open } from './flow.ts'
import type { Live } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { peopleOf, typistOf } from './presence.ts'
import type { ConsoleState, Person, ServerMessage } from './protocol.ts'

/** Rows in one message. */
const BATCH = 200
type Kept = Batch & { sent: boolean }

/** Messages that are kept for those who are as far: also short ones, so that all go on together. */
const BATCHES = 32
/** A socket that acknowledged nothing for so many milliseconds, and is so far behind, is told what it missed instead of being sent it. */
const PATIENCE = 5_000
const FURTHEST_BEHIND = 1_000

/** Who types where. */
export type Owners = {
  of(console: string): Pick<ConsoleState, 'owner' | 'asking'>
}

/**
 * What everybody at a lab is told. All that is known of a socket is in its attachment; what is kept here besides only saves
 * saying something twice, and is gone after a sleep.
 */
export class Room {
  private readonly ctx: DurableObjectState
  private readonly packets: Packets
  private readonly owners: Owners
  private sentPeople = ''
  /** By the sighting they begin after. */
  private readonly batches = new Map<number, Kept>()
  private revision = -1
  private sentTopology = ''
  private readonly left = new WeakSet<WebSocket>()
  private readonly sentConsoles = new Map<string, string>()

  constructor(ctx: DurableObjectState, packets: Packets, owners: Owners) {
    this.ctx = ctx
    this.owners = owners
    this.packets = packets
  }

  /** Those who have said hello. */
  open(): Open[] {
    const now = Date.now()
    return this.ctx.getWebSockets().flatMap((socket) => {
      const its = socket.readyState === WebSocket.OPEN && !this.left.has(socket) ? readAttachment(socket) : undefined
      if (!its?.greeted) return []
      if (!isOver(its, now)) return [new Open(socket, its)]
      endInvitation(socket)
      return []
    })
  }

  /** It is being closed: from now on nobody is there. */
  leave(socket: WebSocket): void {
    this.left.add(socket)
  }

  /** Somebody who is here and may type. */
  worker(personId: string): Caller | undefined {
    const theirs = this.attachments().find((its) => its.person.personId === personId && mayType(its))
    return theirs?.person
  }

  /** The terminal is somebody else's now. */
  clearDrafts(console: string, personId: string): void {
    for (const one of this.open()) {
      const { its } = one
      if (its.person.personId === personId && its.console === console) one.keep({ draft: '' })
    }
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

  tellPeople(): void {
    const open = this.open()
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
    const text = sameness(message)
    if (!message || this.sentConsoles.get(console) === text) return
    this.sentConsoles.set(console, text)
    broadcast(this.open(), message)
  }

  private consoleNow(live: Live, console: string): ServerMessage | undefined {
    const view = openConsole(live.lab, console)
    if (!view) return undefined
    const typist = this.typist(console)
    const { prompt, busy } = view
    const state = { console, prompt, busy, typist: typist?.person.personId ?? null, ...this.owners.of(console) }
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
      if (text !== sameness(this.consoleNow(live, console))) this.sentConsoles.delete(console)
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

/** Time that is left goes by itself, and is not news. */
const sameness = (message: ServerMessage | undefined): string =>
  JSON.stringify(message, (key, value: unknown) => (key === 'left' ? undefined : value))

export const mayType = ({ person, watching }: Attachment): boolean => person.role !== 'observer' && !watching

/** Whoever came by a link, and its time is over. */
export const isOver = ({ person: { until } }: Attachment, now: number): boolean => until !== undefined && until <= now

export function endInvitation(socket: WebSocket): void {
  try {
    socket.close(1008, 'the invitation has ended')
  } catch {}
}
