// Waits for a connection and joins it to a program's input and output: `nc -l PORT`.
import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import type { Json } from '../../sim/json.ts'
import { type Micros, NEVER } from '../../sim/time.ts'
import { parseAddress } from '../../wire/addresses.ts'
import type { ProcessHost, Program } from '../program.ts'
import { newPump, Pump, type PumpState } from './pump.ts'
import { endsView } from './stream-target.ts'

export type ListenArgs = {
  readonly port: number
  readonly address?: string
  /** Takes the next connection when one has ended; otherwise the program ends with the first. */
  readonly keep?: boolean
  /** How many connections may wait. */
  readonly backlog?: number
}

type State = PumpState & { listener: Socket; socket: Socket; number: number }

export class TcpListen implements Program {
  readonly unbounded = true
  private readonly host: ProcessHost
  private readonly args: ListenArgs
  private readonly state: State

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as unknown as ListenArgs
    this.state = state ? { ...(state as unknown as State) } : { ...newPump(), listener: 0, socket: 0, number: 0 }
  }

  private get pump(): Pump {
    return new Pump(this.host, this.state, { connection: this.state.number })
  }

  start(): void {
    const { host, args, state } = this
    const address = args.address === undefined ? undefined : parseAddress(args.address)
    if (args.address !== undefined && address === undefined) return this.fail('no-address')
    const port = args.port === 0 ? host.stack.takePort() : args.port
    const { backlog = 1 } = args
    const listener = host.stack.tcp.listen(host.owner, { port, backlog, ...(address === undefined ? {} : { address }) })
    if (typeof listener === 'string') return this.fail(listener)
    state.listener = listener
    host.emit({ kind: 'listening', address: args.address ?? '0.0.0.0', port })
  }

  private fail(reason: string): void {
    this.host.emit({ kind: 'failed', reason })
    this.host.exit(1)
  }

  streamEvent(socket: Socket, event: StreamEvent, error?: StreamError): void {
    const { state, host, args } = this
    if (event === 'incoming') return this.accept()
    if (socket !== state.socket) return
    if (event === 'failed') {
      host.emit({ kind: typeof error === 'string' ? error : 'reset', connection: state.number })
      return this.done(1)
    }
    this.pump.feed(socket, args.keep ?? false)
    if (this.pump.drain(socket)) this.done(0)
  }

  private accept(): void {
    const { state, host } = this
    if (state.socket !== 0) return
    const socket = host.stack.tcp.accept(state.listener)
    if (socket === undefined) return
    Object.assign(state, newPump(), { socket, number: state.number + 1 })
    // One connection is all that is wanted: who comes now is refused.
    if (!this.args.keep) {
      host.stack.tcp.close(state.listener)
      state.listener = 0
    }
    host.emit({ kind: 'accepted', connection: state.number, ...endsView(host.stack.tcp.ends(socket)) })
    this.goOn()
  }

  private goOn(): void {
    const { state, args } = this
    if (state.socket === 0) return
    this.pump.feed(state.socket, args.keep ?? false)
    if (this.pump.drain(state.socket)) this.done(0)
  }

  /** The connection is over. */
  private done(code: number): void {
    const { state, host, args } = this
    if (state.socket !== 0) host.stack.tcp.close(state.socket)
    host.emit({ kind: 'closed', connection: state.number, sent: state.sent, received: state.received })
    state.socket = 0
    if (args.keep) return this.accept()
    host.exit(code)
  }

  input(): void {
    this.goOn()
  }
  pollAt(): Micros {
    return this.pump.resumes ? this.host.now : NEVER
  }
  poll(): void {
    this.goOn()
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {}
  save(): Json {
    return { ...this.state } as unknown as Json
  }
}
