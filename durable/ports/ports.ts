import { z } from 'zod'
import { caller as callerSchema } from '../attachment.ts'
import type { Clock } from '../clock.ts'
import type { Commands } from '../commands.ts'
import type { Answer, Caller } from '../contract.ts'
import type { LabApi, Operation } from '../engine/lab/lab-api.ts'
import { type LabKeeper, type Live, NOBODY } from '../lab-keeper.ts'
import { macAddress, type PortState } from '../protocol.ts'
import { refuse } from '../refusal.ts'
import { NO_ANSWER } from '../store/journal.ts'
import { CLOSE, type Plug, Seat } from './seat.ts'

/** Machines from outside at one lab at a time. */
export const MOST_PLUGGED = 8
/** Frames in one turn: then others are let in. */
const TURN = 512

const plugSchema = z.object({
  port: z.string().min(1).max(128),
  token: z.string().min(1).max(64),
  label: z.string().max(120),
  mac: macAddress.nullable(),
  spoofing: z.boolean().default(false),
  expiresAt: z.number(),
  session: z.string().max(64).nullable(),
  caller: callerSchema,
})

type Around = {
  readonly commands: Commands
  readonly clock: Clock
  /** Runs something on the lab without the ceremony of a call: frames come by thousands. */
  readonly onLab: (use: (live: Live) => void) => void
  /** Lets what `feed` puts in come to pass at once. */
  readonly flow: (live: Live, feed: (lab: LabApi) => void) => void
  /** Somebody came or went. */
  readonly changed: (live: Live) => void
}

/**
 * Machines from outside at the ports of the lab. Their sockets are taken with `accept()`: the hibernation API carries forty times
 * less, and a lab with such a machine does not sleep anyway.
 */
export class Ports {
  private readonly keeper: LabKeeper
  private readonly around: Around
  private readonly seats = new Map<string, Seat>()
  /** The lab whose frames go to the sockets. */
  private lab: LabApi | undefined

  constructor(keeper: LabKeeper, around: Around) {
    this.keeper = keeper
    this.around = around
  }

  get anybody(): boolean {
    return this.seats.size > 0
  }

  /** Whether frames wait that may not come in yet. */
  get waiting(): boolean {
    for (const { waiting } of this.seats.values()) if (waiting.length > 0) return true
    return false
  }

  list({ lab }: Live): PortState[] {
    return lab.ports().map((port) => {
      const seat = this.seats.get(port.port)
      if (!seat) return { ...port, attached: null }
      const { label, token, caller } = seat.plug
      return { ...port, attached: { since: seat.since, label, token, by: caller.name, traffic: seat.traffic } }
    })
  }

  /** Opens the socket of a machine whose token was found good. Refused, nothing has changed. */
  attach(live: Live, request: Request): Answer<Response> {
    if (request.headers.get('upgrade')?.toLowerCase() !== 'websocket')
      return refuse(400, 'websocket-only', 'Connect with a WebSocket.')
    const parsed = plugSchema.safeParse(json(request.headers.get('x-plug') ?? ''))
    if (!parsed.success) return refuse(400, 'bad-plug', 'Who is calling?')
    const plug = parsed.data
    const view = live.lab.ports().find(({ port }) => port === plug.port)
    if (!view) return refuse(404, 'no-port', `There is no port ${plug.port}.`, { field: 'port' })
    const before = this.seats.get(plug.port)
    // Its own connection may be dead without having been closed.
    const own = before !== undefined && plug.session !== null && before.plug.session === plug.session && !before.gone
    if (view.state !== 'free' && !own) {
      const by = before ? `, by ${before.plug.label || 'a real machine'}` : view.link ? `, by the cable ${view.link}` : ''
      return refuse(409, 'port-taken', `Port ${plug.port} is taken${by}.`, { field: 'port' })
    }
    if (this.seats.size >= MOST_PLUGGED && !own)
      return refuse(429, 'too-many-machines', `A lab has at most ${MOST_PLUGGED} real machines at a time.`)
    const holder = live.lab.switchTable(view.on)?.find(({ mac }) => view.kind === 'virtual-switch' && mac === plug.mac)
    if (holder && !own) return refuse(409, 'address-taken', `${plug.mac} is the address of ${holder.port}.`, { field: 'mac' })
    if (own) this.leave(live, plug.port, CLOSE.policy, 'connected again from elsewhere')
    const refused = this.plugIn(live, plug)
    if (refused) return refused

    const { 0: client, 1: server } = new WebSocketPair()
    server.binaryType = 'arraybuffer'
    server.accept()
    const seat = new Seat(server, plug, Date.now())
    this.seats.set(plug.port, seat)
    server.addEventListener('message', ({ data }) => this.message(seat, data))
    server.addEventListener('close', ({ code, reason }) => {
      seat.close(code === 1005 || code === 1006 ? CLOSE.normal : code, reason)
      this.lost(seat, reason || 'the connection was closed')
    })
    server.addEventListener('error', () => this.lost(seat, 'the connection was lost'))
    this.around.changed(live)
    return { ok: true, value: new Response(null, { status: 101, webSocket: client }) }
  }

  unplug(live: Live, port: string, caller: Caller): Answer<null> {
    if (!this.seats.has(port)) return refuse(409, 'no-machine', `No real machine is plugged in at ${port}.`, { field: 'port' })
    this.leave(live, port, CLOSE.policy, `unplugged by ${caller.name}`, caller)
    return { ok: true, value: null }
  }

  /** The connections that a token, or a person, has opened end. */
  cut(live: Live, which: (plug: Plug) => boolean, why: string): void {
    for (const [port, { plug }] of this.seats) if (which(plug)) this.leave(live, port, CLOSE.policy, why)
  }

  /** Without a word to the lab: there is none any more. */
  closeAll(why: string): void {
    for (const seat of this.seats.values()) seat.close(CLOSE.normal, why)
    this.seats.clear()
    this.lab = undefined
  }

  /**
   * Sockets and lab must agree on who is there. After the object was lost, or the lab taken back, they do not: then machines are
   * unplugged, and come back by themselves.
   */
  agree(live: Live): void {
    if (live.lab === this.lab) return
    this.lab = live.lab
    for (const [port, seat] of this.seats) {
      seat.close(CLOSE.again, 'the lab was taken back or had to begin again; connect again')
      this.seats.delete(port)
    }
    for (const { port, state } of live.lab.ports())
      if (state === 'real') this.plugOut(live, port, 'its connection is gone', NOBODY)
    live.lab.listen((port, bytes) => this.seats.get(port)?.send(bytes, Date.now()))
  }

  /** Once a tick: what had to wait, and whose time is over. */
  beat(live: Live): void {
    const now = Date.now()
    this.cut(live, ({ expiresAt }) => now >= expiresAt, 'the token has expired')
    if (this.waiting) this.around.flow(live, (lab) => this.feed(lab))
  }

  /** After a commit: machines whose port is gone with its switch leave. */
  review(live: Live): void {
    for (const { port, on, state } of live.lab.ports())
      if (state === 'real' && on === '') this.leave(live, port, CLOSE.policy, 'its switch was removed')
  }

  /** Everybody leaves: nothing more can be written. */
  full(live: Live): void {
    for (const port of this.seats.keys()) this.leave(live, port, CLOSE.later, 'the lab is full: fork it to go on')
  }

  private message(seat: Seat, data: unknown): void {
    if (seat.gone) return
    const wrong = seat.take(data, Date.now())
    this.around.onLab((live) => {
      this.agree(live)
      if (seat.gone) return
      if (wrong) return this.leave(live, seat.plug.port, wrong.code, wrong.why)
      this.around.flow(live, (lab) => this.feed(lab))
    })
  }

  /** Frames that are allowed in now, from each machine in turn. */
  private feed(lab: LabApi): void {
    const now = Date.now()
    for (let left = TURN, more = true; more && left > 0; ) {
      more = false
      for (const [port, seat] of this.seats) {
        const bytes = seat.next(now)
        if (bytes === undefined) continue
        left--
        more = true
        // Machines write into a frame on its way; what is recorded is what came.
        this.keeper.inputs.hold({ at: lab.now, port, bytes: bytes.slice() })
        const dropped = lab.frame(port, bytes)
        if (dropped !== undefined) seat.dropped(dropped)
      }
    }
  }

  private lost(seat: Seat, why: string): void {
    seat.gone = true
    if (this.seats.get(seat.plug.port) !== seat) return
    this.around.onLab((live) => {
      this.agree(live)
      if (this.seats.get(seat.plug.port) === seat) this.leave(live, seat.plug.port, CLOSE.normal, why)
    })
  }

  private leave(live: Live, port: string, code: number, why: string, caller?: Caller): void {
    const seat = this.seats.get(port)
    if (!seat) return
    this.seats.delete(port)
    seat.close(code, why)
    this.plugOut(live, port, why, caller ?? seat.plug.caller)
    this.around.changed(live)
  }

  private plugIn(live: Live, { port, mac, spoofing, label, caller }: Plug): ReturnType<typeof refuse> | undefined {
    const { commands, clock } = this.around
    const { lab } = live
    // The lab goes on by the wall clock from here on; but not for a machine that is not let in.
    if (lab.mode !== 'live') {
      const changed = clock.change(live, { mode: 'live', running: true }, caller)
      if (!changed.ok) return changed
    } else clock.change(live, { running: true }, caller)
    const operation: Operation = { do: 'plug-in', port, mac, ...(spoofing && { spoofing }) }
    let why: string | undefined
    const line = `plug a real machine in at ${port}${label === '' ? '' : ` (${label})`}`
    const turn = commands.input(live, { kind: 'plug', console: '', line, clientId: null, operation, caller }, (now, id) => {
      why = now.operate(operation, id).refused
      return why === undefined ? quiet(now) : undefined
    })
    if (turn && 'ok' in turn) return turn
    return why === undefined ? undefined : refuse(409, 'port-taken', why, { field: 'port' })
  }

  private plugOut(live: Live, port: string, why: string, caller: Caller): void {
    const operation: Operation = { do: 'plug-out', port }
    const line = `unplug the real machine at ${port}: ${why}`.slice(0, 500)
    this.around.commands.always(live, { kind: 'plug', console: '', line, clientId: null, operation, caller }, (lab, id) =>
      lab.operate(operation, id).refused === undefined ? quiet(lab) : undefined,
    )
  }
}

const quiet = (lab: LabApi) =>
  ({ output: '', exitStatus: 0, status: 'done', started: lab.now, answer: { ...NO_ANSWER, endedAt: lab.now } }) as const

function json(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
