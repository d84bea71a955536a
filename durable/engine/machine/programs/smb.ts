// Connects to a share of another computer and lists a folder of it, over SMB 2.
import type { Socket, StreamError, StreamEvent } from '../../ip/hooks.ts'
import type { LookupResult } from '../../service/dns-client.ts'
import * as smb from '../../service/smb/message.ts'
import type { Json } from '../../sim/json.ts'
import { loadTime, type Micros, SECOND } from '../../sim/time.ts'
import { ascii, octetsOf } from '../../wire/bytes.ts'
import type { ProcessHost, Program } from '../program.ts'
import { openStream } from './stream-target.ts'
import { beginTarget, type Target, targetFrom } from './target.ts'

export type SmbArgs = {
  readonly host: string
  readonly share: string
  readonly user: string
  readonly domain: string
  readonly workstation: string
  /** A folder of the share to list, empty = the share itself; absent: only connect. */
  readonly folder?: string
  /** A file of the share to read, instead. */
  readonly file?: string
}

type Step = 'connect' | 'negotiate' | 'hello' | 'logon' | 'tree' | 'open' | 'list' | 'more' | 'read' | 'close' | 'leave' | 'done'

type State = {
  step: Step
  socket: Socket
  heard: string
  id: number
  session: number
  tree: number
  file: number
  dueAt: number | null
  entries: smb.Entry[]
  /** What was read so far, a character an octet; younger than the format. */
  content?: string
}

const PATIENCE = 60 * SECOND
/** Whoever tells of more than this is not listened to any longer. */
const MOST_ENTRIES = 10_000
/** Files of a lab are not longer. */
const MOST_READ = 512 * 1024

/** Why it came to nothing, by what the server said. */
const REASONS: { readonly [status: number]: string } = {
  [smb.LOGON_FAILURE]: 'logon',
  [smb.BAD_NETWORK_NAME]: 'share',
  [smb.NO_SUCH_OBJECT]: 'path',
  [smb.ACCESS_DENIED]: 'denied',
}

export class Smb implements Program {
  readonly unbounded = false
  private readonly host: ProcessHost
  private readonly args: SmbArgs
  private readonly state: State

  constructor(host: ProcessHost, args: Json, state?: Json) {
    this.host = host
    this.args = args as SmbArgs
    this.state = state
      ? { ...(state as unknown as State) }
      : { step: 'connect', socket: 0, heard: '', id: 0, session: 0, tree: 0, file: 0, dueAt: null, entries: [] }
  }

  start(): void {
    const target = beginTarget(this.host, this.args.host)
    if (target) this.begin(target)
  }

  resolved(_token: number, result: LookupResult): void {
    const target = targetFrom(this.host, this.args.host, result)
    if (target) this.begin(target)
  }

  private begin(target: Target): void {
    const socket = openStream(this.host, target, smb.PORT, {})
    if (socket !== undefined) this.state.socket = socket
    this.state.dueAt = this.host.now + PATIENCE
    this.host.touch()
  }

  streamEvent(_socket: Socket, event: StreamEvent, error?: StreamError): void {
    if (event === 'failed') {
      this.fail(error === 'refused' || error === 'timeout' || this.state.step === 'connect' ? 'unreachable' : 'lost')
      return
    }
    if (event === 'connected') {
      const guid = octetsOf(this.host.stack.machine.padEnd(16, '\0').slice(0, 16))
      this.say('negotiate', smb.NEGOTIATE, smb.negotiateRequest(guid))
    } else if (event === 'readable') this.hear()
  }

  private say(step: Step, command: number, body: readonly number[]): void {
    const { state, host } = this
    state.step = step
    const header = { command, status: 0, response: false, id: state.id++, tree: state.tree, session: state.session }
    host.stack.tcp.send(state.socket, smb.message(header, body))
    host.touch()
  }

  private hear(): void {
    const { state, host } = this
    const { tcp } = host.stack
    const octets = tcp.receive(state.socket)
    state.heard += ascii(octets, 0, octets.length)
    while (state.heard.length >= 4 && state.step !== 'done') {
      const length = smb.lengthOf(octetsOf(state.heard.slice(0, 4)))
      if (length < 0) return this.fail('lost')
      if (state.heard.length < 4 + length) break
      const bytes = octetsOf(state.heard.slice(4, 4 + length))
      state.heard = state.heard.slice(4 + length)
      const header = smb.headerOf(bytes)
      if (header === undefined) return this.fail('lost')
      this.next(header, bytes)
    }
    if (state.step !== 'done' && tcp.ended(state.socket)) this.fail('lost')
    host.touch()
  }

  private next(header: smb.Header, bytes: Uint8Array): void {
    const { state, args } = this
    const { status } = header
    const wanted = state.step === 'hello' ? smb.MORE_PROCESSING : smb.SUCCESS
    const atEnd = (state.step === 'more' && status === smb.NO_MORE_FILES) || (state.step === 'read' && status === smb.END_OF_FILE)
    if (status !== wanted && !atEnd) return this.fail(REASONS[status] ?? 'lost')
    switch (state.step) {
      case 'negotiate':
        return this.say('hello', smb.SESSION_SETUP, smb.setupRequest(smb.ntlmNegotiate()))
      case 'hello':
        state.session = header.session
        return this.say(
          'logon',
          smb.SESSION_SETUP,
          smb.setupRequest(smb.ntlmAuthenticate(args.domain, args.user, args.workstation)),
        )
      case 'logon':
        return this.say('tree', smb.TREE_CONNECT, smb.treeRequest(`\\\\${args.host}\\${args.share}`))
      case 'tree':
        state.tree = header.tree
        if (args.file !== undefined) return this.say('open', smb.CREATE, smb.createRequest(args.file, true))
        if (args.folder === undefined) return this.leave()
        return this.say('open', smb.CREATE, smb.createRequest(args.folder))
      case 'open':
        state.file = smb.createdFile(bytes)
        if (args.file !== undefined) return this.say('read', smb.READ, smb.readRequest(state.file, 0))
        return this.say('list', smb.QUERY_DIRECTORY, smb.queryRequest(state.file, '*'))
      case 'list':
        state.entries = smb.entriesOf(bytes)
        return this.say('more', smb.QUERY_DIRECTORY, smb.queryRequest(state.file, '*'))
      case 'read': {
        const data = status === smb.END_OF_FILE ? new Uint8Array(0) : smb.readData(bytes)
        if (data.length === 0) return this.say('close', smb.CLOSE, smb.closeRequest(state.file))
        state.content = (state.content ?? '') + ascii(data, 0, data.length)
        if (state.content.length > MOST_READ) return this.fail('denied')
        return this.say('read', smb.READ, smb.readRequest(state.file, state.content.length))
      }
      case 'more':
        if (status === smb.SUCCESS && state.entries.length < MOST_ENTRIES) {
          state.entries = [...state.entries, ...smb.entriesOf(bytes)]
          return this.say('more', smb.QUERY_DIRECTORY, smb.queryRequest(state.file, '*'))
        }
        return this.say('close', smb.CLOSE, smb.closeRequest(state.file))
      case 'close':
        return this.leave()
      default:
        return this.finish()
    }
  }

  private leave(): void {
    this.say('leave', smb.TREE_DISCONNECT, smb.emptyBody())
  }

  private finish(): void {
    const { state, host } = this
    state.step = 'done'
    host.stack.tcp.close(state.socket)
    const entries = state.entries.filter(({ name }) => name !== '.' && name !== '..')
    const content = this.args.file === undefined ? {} : { content: state.content ?? '' }
    host.emit({ kind: 'connected', entries: entries.map((entry) => ({ ...entry })), ...content })
    host.exit(0)
  }

  private fail(reason: string): void {
    const { state, host } = this
    if (state.step === 'done') return
    state.step = 'done'
    if (state.socket !== 0) host.stack.tcp.close(state.socket)
    host.emit({ kind: 'refused', reason })
    host.exit(1)
  }

  pollAt(): Micros {
    return loadTime(this.state.dueAt)
  }
  poll(): void {
    this.fail('unreachable')
  }
  interrupt(): void {
    this.fail('interrupted')
  }
  close(): void {}
  save(): Json {
    return { ...this.state } as unknown as Json
  }
}
