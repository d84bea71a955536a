import { type Attachment, readAttachment, writeAttachment } from './attachment.ts'
import { openConsole } from './consoles.ts'
import type { Live } from './lab-keeper.ts'
import type { Packets } from './packets.ts'
import { peopleOf, typistOf } from './presence.ts'
import type { Person, ServerMessage } from './protocol.ts'

/** Rows in one message. */
const BATCH = 200

export type Open = { readonly socket: WebSocket; readonly its: Attachment }

/**
 * What everybody at a lab is told. All that is known of a socket is in its attachment; what is kept here besides only saves
 * saying something twice, and is gone after a sleep.
 */
export class Room {
  private readonly ctx: DurableObjectState
  private readonly packets: Packets
  private sentPeople = ''
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
      return its?.greeted ? [{ socket, its }] : []
    })
  }

  keep({ socket, its }: Open, change: Partial<Attachment>): Open {
    const value = { ...its, ...change }
    writeAttachment(socket, value)
    return { socket, its: value }
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
    const view = openConsole(live.lab, console)
    if (!view) return
    const typist = this.typist(console)
    const state = { console, prompt: view.prompt, busy: view.busy, typist: typist?.person.personId ?? null }
    const message: ServerMessage = { type: 'console', state, draft: typist?.draft ?? '' }
    const text = JSON.stringify(message)
    if (this.sentConsoles.get(console) === text) return
    this.sentConsoles.set(console, text)
    broadcast(this.open(), message)
  }

  tellTopology(live: Live): void {
    const { now, nodes, links } = live.lab.topology()
    const text = JSON.stringify([nodes, links])
    if (this.sentTopology === text) return
    this.sentTopology = text
    broadcast(this.open(), { type: 'topology', topology: { now, nodes, links } })
  }

  /** As many batches of packets as the other end has room for. */
  feed(one: Open): void {
    const { socket, its } = one
    let { lastPacket, credit } = its
    while (its.greeted && its.visible && credit > 0) {
      const page = this.packets.page({ after: lastPacket, limit: BATCH })
      if (page.packets.length === 0) break
      send(socket, { type: 'packets', ...page })
      lastPacket = page.next
      credit--
    }
    if (credit !== its.credit) this.keep(one, { lastPacket, credit })
  }

  private attachments(): Attachment[] {
    return this.open().map(({ its }) => its)
  }
}

export function send(socket: WebSocket, message: ServerMessage): void {
  sendText(socket, JSON.stringify(message))
}

export function broadcast(open: readonly Open[], message: ServerMessage): void {
  const text = JSON.stringify(message)
  for (const { socket } of open) sendText(socket, text)
}

/** A socket that is closing throws; it has no use for the message. */
function sendText(socket: WebSocket, text: string): void {
  try {
    socket.send(text)
  } catch {}
}
