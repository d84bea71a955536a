// The Server service of Windows (LanmanServer): lets others connect to shares, list what is in them and read files ([MS-SMB2] 3.3). Files are
// not written over the network here; what else is asked is answered as not supported.
import type { Socket, StreamEvent, StreamOwner } from '../../ip/hooks.ts'
import type { Stack } from '../../ip/stack.ts'
import type { Json } from '../../sim/json.ts'
import type { Part } from '../../sim/part.ts'
import { StillPart } from '../../sim/still-part.ts'
import type { Micros } from '../../sim/time.ts'
import { formatAddress } from '../../wire/addresses.ts'
import { ascii, octetsOf } from '../../wire/bytes.ts'
import * as smb from './message.ts'

export type SmbSession = { readonly user: string; readonly client: string; readonly since: Micros }

export type SmbServerOptions = {
  readonly hostname: () => string
  /** 16 octets that are this computer's for ever. */
  readonly guid: Uint8Array
  readonly enabled: () => boolean
  /** UTC in microseconds. */
  readonly wall: () => { readonly now: number; readonly started: number }
  readonly accounts: () => readonly string[]
  /** Folder of a share; empty for pipes; undefined: there is no such share. */
  readonly share: (name: string) => string | undefined
  readonly list: (path: string) => readonly smb.Entry[] | undefined
  /** Octets of a file, or undefined. */
  readonly read: (path: string) => Uint8Array | undefined
}

/** A connection. Trees and files are numbered; `heard` is what came and is no whole message yet. */
type Talk = {
  heard: string
  session: number
  user: string
  readonly since: Micros
  /** By tree number: folder of the share, empty = a pipe. */
  trees: (readonly [tree: number, folder: string])[]
  /** Open folders: path, and how many entries of their list were given (rows of before it was counted: whether all were). */
  files: (readonly [file: number, path: string, listed: number | boolean])[]
  next: number
  /** Answers that the connection did not take yet, one character an octet. */
  unsent?: string
}

export type SmbServerState = { readonly listener: Socket; readonly talks: readonly (readonly [Socket, Talk])[] }

const MOST_TALKS = 64
const MOST_HEARD = 128 * 1024
const MOST_OPEN = 64
/** Octets of entries in one answer, and of answers to somebody who asks and does not read. */
const MOST_LISTED = 65_536
const MOST_UNSENT = 512 * 1024

export class SmbServer extends StillPart implements Part, StreamOwner {
  readonly kind = 'smb-server'
  readonly version = 1
  readonly name: string
  private readonly stack: Stack
  private readonly options: SmbServerOptions
  private readonly talks: Map<Socket, Talk>
  private readonly young: boolean
  private listener: Socket

  constructor(stack: Stack, options: SmbServerOptions, state?: SmbServerState) {
    super()
    this.stack = stack
    this.options = options
    this.name = `${stack.machine}/smb-server`
    this.young = state === undefined
    this.listener = state?.listener ?? 0
    this.talks = new Map(state?.talks.map(([socket, talk]) => [socket, { ...talk }]))
    stack.tcp.attach(this)
  }

  start(): void {
    if (this.listener !== 0 || !this.options.enabled()) return
    const socket = this.stack.tcp.listen(this, { port: smb.PORT, image: 'System' })
    this.listener = typeof socket === 'number' ? socket : 0
  }

  resume(): void {
    if (this.young && this.listener === 0 && this.stack.powered) this.start()
  }

  stop(): void {
    for (const socket of [...this.talks.keys()]) this.stack.tcp.abort(socket)
    if (this.listener !== 0) this.stack.tcp.close(this.listener)
    this.reset()
  }

  reset(): void {
    this.talks.clear()
    this.listener = 0
  }

  get sessions(): SmbSession[] {
    return [...this.talks].flatMap(([socket, { user, since }]) => {
      const ends = this.stack.tcp.ends(socket)
      return user === '' || ends === undefined ? [] : [{ user, client: formatAddress(ends.remote), since }]
    })
  }

  streamEvent(socket: Socket, event: StreamEvent): void {
    if (event === 'incoming') return this.accept()
    if (event === 'failed') return this.forget(socket)
    const talk = this.talks.get(socket)
    if (talk !== undefined && event === 'writable') this.say(socket, talk)
    if (talk !== undefined && event === 'readable') this.hear(socket, talk)
  }

  private accept(): void {
    const { tcp, sim } = this.stack
    if (this.talks.size >= MOST_TALKS) return
    const socket = tcp.accept(this.listener)
    if (socket === undefined) return
    const talk: Talk = { heard: '', session: 0, user: '', since: sim.now, trees: [], files: [], next: 1 }
    this.talks.set(socket, talk)
    this.hear(socket, talk)
  }

  private forget(socket: Socket): void {
    this.talks.delete(socket)
    this.accept()
  }

  private hear(socket: Socket, talk: Talk): void {
    const { tcp } = this.stack
    const octets = tcp.receive(socket)
    talk.heard += ascii(octets, 0, octets.length)
    for (;;) {
      const length = smb.lengthOf(octetsOf(talk.heard.slice(0, 4)))
      if (talk.heard.length < 4) break
      if (length < 0 || length > MOST_HEARD) return this.drop(socket)
      if (talk.heard.length < 4 + length) break
      const bytes = octetsOf(talk.heard.slice(4, 4 + length))
      talk.heard = talk.heard.slice(4 + length)
      const header = smb.headerOf(bytes)
      if (header === undefined || header.response) return this.drop(socket)
      this.say(socket, talk, this.answer(talk, header, bytes))
      if ((talk.unsent ?? '').length > MOST_UNSENT) return this.drop(socket)
    }
    if (tcp.ended(socket)) {
      tcp.close(socket)
      this.forget(socket)
    }
  }

  /** Sends an answer behind those that wait. */
  private say(socket: Socket, talk: Talk, answer?: Uint8Array): void {
    const waiting = (talk.unsent ?? '') + (answer === undefined ? '' : ascii(answer, 0, answer.length))
    const left = waiting.slice(this.stack.tcp.send(socket, octetsOf(waiting)))
    if (left === '') delete talk.unsent
    else talk.unsent = left
  }

  private drop(socket: Socket): void {
    this.stack.tcp.abort(socket)
    this.forget(socket)
  }

  private answer(talk: Talk, header: smb.Header, bytes: Uint8Array): Uint8Array {
    const { command, id } = header
    const say = (status: number, body: readonly number[], tree = header.tree): Uint8Array =>
      smb.message({ command, status, response: true, id, tree, session: talk.session }, body)
    const refuse = (status: number): Uint8Array => say(status, smb.errorBody())
    if (command === smb.NEGOTIATE) {
      if (!smb.dialectsOf(bytes).includes(smb.DIALECT)) return refuse(smb.NOT_SUPPORTED)
      return say(smb.SUCCESS, smb.negotiateAnswer(this.options.guid, this.options.wall()))
    }
    if (command === smb.SESSION_SETUP) return this.logOn(talk, bytes, say, refuse)
    if (talk.user === '') return refuse(smb.SESSION_DELETED)
    switch (command) {
      case smb.LOGOFF:
        talk.user = ''
        return say(smb.SUCCESS, smb.emptyBody())
      case smb.TREE_CONNECT: {
        const name = smb.pathOf(bytes).split('\\').pop() ?? ''
        const folder = this.options.share(name)
        if (folder === undefined) return refuse(smb.BAD_NETWORK_NAME)
        if (talk.trees.length >= MOST_OPEN) return refuse(smb.ACCESS_DENIED)
        const tree = talk.next++
        talk.trees = [...talk.trees, [tree, folder]]
        return say(smb.SUCCESS, smb.treeAnswer(folder === ''), tree)
      }
      case smb.TREE_DISCONNECT:
        talk.trees = talk.trees.filter(([tree]) => tree !== header.tree)
        return say(smb.SUCCESS, smb.emptyBody())
      case smb.CREATE: {
        const folder = talk.trees.find(([tree]) => tree === header.tree)?.[1] ?? ''
        const path = [folder.replace(/\\$/, ''), smb.createName(bytes)].filter((part) => part !== '').join('\\')
        if (folder === '') return refuse(smb.NOT_SUPPORTED)
        const content = smb.wantsFolder(bytes) ? undefined : this.options.read(path)
        if (content === undefined && (smb.wantsFile(bytes) || this.options.list(path) === undefined))
          return refuse(smb.NO_SUCH_OBJECT)
        if (talk.files.length >= MOST_OPEN) return refuse(smb.ACCESS_DENIED)
        const file = talk.next++
        talk.files = [...talk.files, [file, path, false]]
        return say(smb.SUCCESS, smb.createAnswer(file, this.options.wall().started, content?.length))
      }
      case smb.QUERY_DIRECTORY: {
        const open = talk.files.find(([file]) => file === smb.queriedFile(bytes))
        if (open === undefined) return refuse(smb.INVALID_PARAMETER)
        const [file, path, listed] = open
        const all = this.entries(path, smb.queryPattern(bytes))
        const given = smb.queryRestarts(bytes) ? 0 : listed === true ? all.length : Number(listed)
        const entries = fitting(all.slice(given), Math.min(smb.queryRoom(bytes), MOST_LISTED))
        if (entries.length === 0 && given < all.length) return refuse(smb.INVALID_PARAMETER)
        talk.files = talk.files.map((one) => (one[0] === file ? [file, path, given + entries.length] : one))
        return entries.length === 0
          ? refuse(smb.NO_MORE_FILES)
          : say(smb.SUCCESS, smb.queryAnswer(entries, this.options.wall().started))
      }
      case smb.READ: {
        const open = talk.files.find(([file]) => file === smb.readFile(bytes))
        const content = open && this.options.read(open[1])
        if (content === undefined) return refuse(smb.INVALID_PARAMETER)
        const from = smb.readOffset(bytes)
        const data = content.subarray(from, from + Math.min(smb.CHUNK, smb.readLength(bytes)))
        return data.length === 0 ? refuse(smb.END_OF_FILE) : say(smb.SUCCESS, smb.readAnswer(data))
      }
      case smb.CLOSE:
        talk.files = talk.files.filter(([file]) => file !== smb.closedFile(bytes))
        return say(smb.SUCCESS, smb.closeAnswer())
      default:
        return refuse(smb.NOT_SUPPORTED)
    }
  }

  private logOn(
    talk: Talk,
    bytes: Uint8Array,
    say: (status: number, body: readonly number[]) => Uint8Array,
    refuse: (status: number) => Uint8Array,
  ): Uint8Array {
    const token = smb.tokenOf(bytes, false)
    if (talk.session === 0) talk.session = talk.next++
    const type = smb.ntlmType(token)
    if (type === 1) {
      const challenge = this.options.guid.slice(0, 8)
      return say(smb.MORE_PROCESSING, smb.setupAnswer(smb.ntlmChallenge(this.options.hostname(), challenge)))
    }
    const user = type === 3 ? smb.ntlmUser(token) : ''
    if (!this.options.accounts().some((account) => account.toLowerCase() === user.toLowerCase())) return refuse(smb.LOGON_FAILURE)
    talk.user = user
    return say(smb.SUCCESS, smb.setupAnswer(new Uint8Array(0)))
  }

  /** What a folder has, with itself and the one above it first, as servers of Windows say it. */
  private entries(path: string, pattern: string): smb.Entry[] {
    const own = [
      { name: '.', directory: true, size: 0 },
      { name: '..', directory: true, size: 0 },
    ]
    const found = this.options.list(path) ?? []
    return pattern === '*' ? [...own, ...found] : found.filter(({ name }) => name.toLowerCase() === pattern.toLowerCase())
  }

  save(): SmbServerState & Json {
    return {
      listener: this.listener,
      talks: [...this.talks].map(([socket, talk]) => [socket, { ...talk }]),
    } as unknown as SmbServerState & Json
  }
}

/** The first of them, as many as have room. */
function fitting(entries: readonly smb.Entry[], room: number): smb.Entry[] {
  let left = room
  const next = entries.findIndex((entry) => {
    left -= smb.entrySize(entry)
    return left < 0
  })
  return entries.slice(0, next < 0 ? entries.length : next)
}
