// A web server over the files of the machine, until it is stopped: `python3 -m http.server`.
import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import { fileResource } from '../../service/http-files.ts'
import { HttpServer, type HttpServerState } from '../../service/http-server.ts'
import type { Json } from '../../sim/json.ts'
import type { Micros } from '../../sim/time.ts'
import { formatAddress } from '../../wire/addresses.ts'
import { civilTime, MONTHS, WEEKDAYS } from '../calendar.ts'
import type { ProcessHost, Program } from '../program.ts'

export type HttpServeArgs = {
  readonly port: number
  /** The directory that is served. */
  readonly root: string
  readonly server: string
  /** UTC of lab time zero. */
  readonly epochMicros: number
}

export class HttpServe implements Program {
  readonly unbounded = true
  private readonly host: ProcessHost
  private readonly args: HttpServeArgs
  private readonly server: HttpServer

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as unknown as HttpServeArgs
    const { port, root, server, epochMicros } = this.args
    const site = {
      server,
      date: () => httpDate(epochMicros + host.now),
      find: (path: string) => fileResource(host.files, root, path, true),
    }
    this.server = new HttpServer(
      host.stack,
      {
        port,
        site,
        image: 'python3',
        paused: () => host.stopped,
        told: (ends, request, status) =>
          host.emit({
            kind: 'access',
            client: ends === undefined ? '' : formatAddress(ends.remote),
            request,
            status,
            at: host.now,
          }),
      },
      state as unknown as HttpServerState | undefined,
    )
  }

  start(): void {
    this.server.start()
    if (!this.server.listening) {
      this.host.emit({ kind: 'failed', reason: 'in-use' })
      this.host.exit(1)
    } else this.host.emit({ kind: 'listening', port: this.args.port })
  }

  /** Its connections are the server's own: nothing comes to the process. */
  streamEvent(_socket: Socket, _event: StreamEvent, _error?: StreamError): void {}

  continued(): void {
    this.server.catchUp()
  }

  pollAt(): Micros {
    return this.server.pollAt()
  }
  poll(now: Micros): void {
    this.server.poll(now)
  }
  interrupt(): void {
    this.host.exit(130)
  }
  close(): void {
    this.host.stack.tcp.detach(this.server)
  }
  save(): Json {
    return this.server.save()
  }
}

/** RFC 9110 section 5.6.7. */
export function httpDate(micros: number): string {
  const { weekday, day, month, year, hour, minute, second } = civilTime(micros)
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${WEEKDAYS[weekday]?.slice(0, 3)}, ${two(day)} ${MONTHS[month - 1]?.slice(0, 3)} ${year} ${two(hour)}:${two(minute)}:${two(second)} GMT`
}
