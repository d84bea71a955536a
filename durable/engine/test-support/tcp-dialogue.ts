// A listener on port 80 and a test that plays the other side by hand, segment by segment.
import { stateName } from '../ip/tcp/state.ts'
import * as tcp from '../wire/tcp.ts'
import { aSegment, LoneStack, type Said } from './lone-stack.ts'
import { Notes } from './streams.ts'

export const THEIRS = 5000
export const ISS = 1000

export class Dialogue {
  readonly host: LoneStack
  readonly notes = new Notes()
  readonly listener: number
  socket = 0
  /** Our numbers, as the other side counts them. */
  iss = 0
  constructor(os: 'windows' | 'linux' = 'linux') {
    this.host = new LoneStack(os)
    this.host.know()
    this.listener = this.tcp.listen(this.notes, { port: 80, backlog: 2 }) as number
  }
  get tcp() {
    return this.host.stack.tcp
  }
  say(segment: Partial<tcp.Tcp>) {
    return this.host.hear(aSegment({ srcPort: THEIRS, dstPort: 80, ...segment }))
  }
  /** What was answered: flags, our number and their number, both counted from the beginning, and the data. */
  heard(): (readonly [flags: string, seq: number, ack: number, octets: number])[] {
    return this.host.take().map((said) => this.told(said))
  }
  private told(said: Said): readonly [string, number, number, number] {
    if (!('tcp' in said)) throw new Error('no segment')
    const { flags, seq, ack, payload } = said.tcp
    const names = ['FIN', 'SYN', 'RST', 'PSH', 'ACK'].filter((_, bit) => flags & (1 << bit)).join()
    return [names, (seq - this.iss) >>> 0, ack === 0 ? 0 : (ack - ISS) >>> 0, payload.length]
  }
  /** Their handshake with our listener. */
  open(options: tcp.TcpOptions = {}, window = 64240): this {
    this.say({ flags: tcp.SYN, seq: ISS, options, window })
    const [said] = this.host.take()
    if (said === undefined || !('tcp' in said)) throw new Error('no answer')
    this.iss = said.tcp.seq
    this.ack({ seq: ISS + 1, window, ...(options.timestamps ? { options: { timestamps: options.timestamps } } : {}) })
    this.socket = this.tcp.accept(this.listener) as number
    return this
  }
  /** A segment of theirs: numbers counted from the beginning; the acknowledgement is of all until `our`. */
  ack(segment: Partial<tcp.Tcp> = {}, our = 1) {
    return this.say({ flags: tcp.ACK, seq: ISS + 1, ack: (this.iss + our) >>> 0, ...segment })
  }
  get state(): string {
    for (const c of this.tcp.connections) return stateName(c.state)
    return 'gone'
  }
}

export const octets = (n: number, first = 0) => Uint8Array.from({ length: n }, (_, i) => first + i)
