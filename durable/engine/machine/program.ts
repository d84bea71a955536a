import type { DatagramOwner, EchoOwner, StreamOwner } from '../ip/hooks.ts'
import type { Interface } from '../ip/interface.ts'
import type { Stack } from '../ip/stack.ts'
import type { DhcpClient } from '../service/dhcp-client.ts'
import type { DnsClient, DnsRequester } from '../service/dns-client.ts'
import type { Netbios } from '../service/netbios.ts'
import type { Json } from '../sim/json.ts'
import type { Micros } from '../sim/time.ts'
import type { JournalEntry } from './daemons/daemon.ts'
import type { FileFault } from './files.ts'
import type { NetworkRow } from './linux/network-rows.ts'

/** What a program may use of the machine it runs on, and how it reports. */
export interface ProcessHost {
  /** The owner of its sockets and questions: the process part, which passes everything on to the program. */
  readonly owner: EchoOwner & DatagramOwner & StreamOwner & DnsRequester
  readonly stack: Stack
  readonly dns: DnsClient
  readonly now: Micros
  /** True while a stored process is being put back: sockets are bound again, nothing is sent. */
  readonly restoring: boolean
  dhcpClient(index: number): DhcpClient | undefined
  interface(index: number): Interface | undefined
  readonly files: ProcessFiles
  /** Tells of each new line of the system's journal until the answer is called. */
  followJournal(follower: (entry: JournalEntry) => void): () => void
  vpn(name: string): VpnControl | undefined
  /** Of a Linux machine. */
  readonly network: NetworkLook | undefined
  /** Only on Windows. */
  readonly netbios: Netbios | undefined
  emit(event: Json): void
  /** It is stopped: nothing is done, and what its own sockets bring is not looked at. */
  readonly stopped: boolean
  /** Events that the shell has not taken yet: whoever produces many stops reading while they pile up, and polls until they are gone. */
  readonly pending: number
  /** Input that the shell wrote and the program has not taken yet, at most `limit` octets of it. */
  takeInput(limit: number): Uint8Array
  /** No more input will come, and all of it was taken. */
  readonly inputEnded: boolean
  exit(code: number): void
  /** The program's due time changed. */
  touch(): void
}

/** Files as a program reads and writes them; text of one character an octet where they are not text. */
export interface ProcessFiles {
  read(path: string): string | undefined
  write(path: string, text: string): 'ok' | FileFault
  list(path: string): readonly { readonly name: string; readonly directory: boolean }[] | undefined
}

/** What rtnetlink knows: all of it, whether it may have changed, and when it will by itself. */
export interface NetworkLook {
  rows(): readonly NetworkRow[]
  mark(): string
  nextStale(): Micros
}

/** A VPN connection as the `vpn` program drives it. */
export interface VpnControl {
  readonly server: string
  readonly status: 'Connected' | 'Connecting' | 'Disconnected'
  connect(server: number): void
  disconnect(): void
  readonly listeners: Set<(event: Json) => void>
}

/** A running program: a state machine over plain data. Events and arguments: `programs/README.md`. */
export interface Program extends Partial<EchoOwner> {
  /** Runs until it is stopped; instant time parks it. */
  readonly unbounded: boolean
  start(): void
  pollAt(): Micros
  poll(now: Micros): void
  /** Ctrl-C: report what there is to report, then exit. */
  interrupt(): void
  /** Gives up sockets and identifiers; called once, when the process ends. */
  close(): void
  save(): Json
  datagram?: DatagramOwner['datagram']
  sendError?: DatagramOwner['sendError']
  resolved?: DnsRequester['resolved']
  streamEvent?: StreamOwner['streamEvent']
  /** It goes on after it was stopped: for who has sockets that are not the process's. */
  continued?(): void
  /** There is input to take, or it has ended. A program without this takes none. */
  input?(): void
}

export type ProgramFactory = (host: ProcessHost, args: Json, state?: Json) => Program
