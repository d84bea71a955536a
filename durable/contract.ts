import type {
  AnswerGiven,
  AnswerRequest,
  CheckedReport,
  Frozen,
  GradeReport,
  GradeRequest,
  Hint,
  HintRequest,
  Tasks,
} from './grading/report.ts'
import type {
  AdvanceAnswer,
  AdvanceRequest,
  Causes,
  ChatMessage,
  ChatPage,
  ClockChange,
  ClockState,
  ExecAnswer,
  ExecRequest,
  Explanation,
  HandAction,
  History,
  Lease,
  PacketDetail,
  PacketPage,
  PortState,
  QueryAnswer,
  ReplayReport,
  Table,
  TableName,
  Topology,
} from './protocol.ts'
import type { SeedsToSolve } from './walk/solve-seeds.ts'
import type { Solved } from './walk/solver.ts'

/** Who is asking, as the Worker found out; the lab trusts it, because only the Worker can call it. */
export type Caller = {
  readonly personId: string
  readonly name: string
  readonly role: 'owner' | 'teacher' | 'assistant' | 'student' | 'observer' | 'machine'
  /** Milliseconds since 1970 at which they may not be here any more; without it, whenever the Worker says so. */
  readonly until?: number | undefined
}

/** Domain errors are values: an exception across RPC breaks the stub. `status` is the HTTP status it becomes. */
export type Refusal = {
  readonly ok: false
  readonly status: 400 | 403 | 404 | 409 | 413 | 422 | 429 | 503
  readonly code: string
  readonly message: string
  readonly field?: string
  readonly line?: number
}
export type Answer<T> = { readonly ok: true; readonly value: T } | Refusal

export type CreateLab =
  | { readonly from: 'catalogue'; readonly slug: string; readonly seed: number }
  | { readonly from: 'definition'; readonly yaml: string; readonly brief: string; readonly seed: number }
  | { readonly from: 'export'; readonly file: Uint8Array }

export type LabSummary = {
  readonly title: string
  readonly summary: string
  readonly seed: number
  readonly now: number
  /** The date at lab time 0, in microseconds since 1970. */
  readonly epochMicros: number
  /** What the consoles show is this far east of UTC. */
  readonly zoneMinutes: number
  readonly machines: readonly {
    readonly name: string
    readonly hostname: string
    readonly os: string
    readonly consoles: readonly string[]
  }[]
  readonly brief: string
}

/** For those who teach: what a lab tells of whoever works in it, without being opened. */
export type LabActivity = {
  /** Milliseconds since 1970; null: nobody has typed yet. */
  readonly at: number | null
  /** The command that fails, since when, and how often by now. */
  readonly failing: { readonly line: string; readonly since: number; readonly times: number } | null
}

/** The RPC methods of the Durable Object; `fetch` is only for the WebSocket upgrade (caller in the `x-caller` header, JSON). */
export interface LabHostCalls {
  create(input: CreateLab): Promise<Answer<LabSummary>>
  summary(): Promise<Answer<LabSummary>>
  exec(request: ExecRequest, caller: Caller): Promise<Answer<ExecAnswer>>
  job(id: string): Promise<Answer<ExecAnswer>>
  interrupt(console: string, caller: Caller): Promise<Answer<{ readonly prompt: string }>>
  topology(): Promise<Answer<Topology>>
  leases(): Promise<Answer<readonly Lease[]>>
  table(machine: string, table: TableName): Promise<Answer<Table>>
  hand(action: HandAction, caller: Caller): Promise<Answer<Topology>>
  /** By the lab's own checks, or by a rubric (YAML) that stands in for them. */
  check(caller: Caller, rubric?: string): Promise<Answer<CheckedReport>>
  activity(): Promise<Answer<LabActivity>>
  packets(query: {
    after: number
    limit: number
    packet?: number
    command?: number
    filter?: string
  }): Promise<Answer<PacketPage>>
  packet(sequence: number): Promise<Answer<PacketDetail>>
  capture(window: { fromTime?: number; toTime?: number; packets?: readonly number[] }): Promise<Answer<Uint8Array>>
  journal(query: { after: number; limit: number }): Promise<
    Answer<
      readonly {
        id: number
        at: number
        wall: number
        console: string
        by: string
        line: string
        exitStatus: number | null
        output: string
      }[]
    >
  >
  reset(caller: Caller): Promise<Answer<LabSummary>>
  export(): Promise<Answer<Uint8Array>>
  /** Ports for machines from outside, and who is there. Such a machine comes by `fetch` with the header `x-plug` (Plug, JSON). */
  ports(): Promise<Answer<readonly PortState[]>>
  unplug(port: string, caller: Caller): Promise<Answer<null>>
  /** Ends what a token has opened. */
  cutToken(token: string): Promise<Answer<null>>
  /** Closes whatever sockets this person or key has here. */
  disconnect(personId: string): Promise<Answer<null>>
  /** Builds a lab that is not kept, plays a script in it and grades it; whatever this object holds is not touched. */
  solve(input: { yaml: string; script: string; seed: number }): Promise<Answer<Solved>>
  /** The same for several seeds; what takes long is answered for the first of them only, and the others are asked for again. */
  solveSeeds(input: SeedsToSolve): Promise<Answer<readonly Solved[]>>
  destroy(): Promise<Answer<null>>
}

export type CaptureBlocks = {
  readonly bytes: Uint8Array
  readonly next: number
  readonly interfaces: readonly string[]
  readonly more: boolean
}

/** Time, history, explanations: RPC methods like those above. All refusals leave the lab untouched. */
export interface LabHistoryCalls {
  clock(): Promise<Answer<ClockState>>
  setClock(change: ClockChange, caller: Caller): Promise<Answer<ClockState>>
  advance(request: AdvanceRequest, caller: Caller): Promise<Answer<AdvanceAnswer>>
  history(query: { after: number; limit: number }): Promise<Answer<History>>
  snapshot(name: string, caller: Caller): Promise<Answer<History>>
  rewind(request: { line: number; force?: boolean }, caller: Caller): Promise<Answer<History>>
  undo(request: { line: number }, caller: Caller): Promise<Answer<History>>
  /** The lab as it was after a line or at a lab time (or as it is) as an export file, for a new lab. */
  forkFile(line: number | undefined, at?: number): Promise<Answer<Uint8Array>>
  replay(): Promise<Answer<ReplayReport>>
  why(packet: number, path: boolean): Promise<Answer<Explanation>>
  whyNothing(command: number): Promise<Answer<Causes>>
  query(text: string): Promise<Answer<QueryAnswer>>
  /**
   * Packets seen after a sequence number as pcapng blocks, for a live capture: all answers one after the other are a file.
   * `known` are the interfaces that earlier answers have described (none: the file's head comes first); `more` says that
   * there is more at once.
   */
  captureAfter(after: number, known?: readonly string[]): Promise<Answer<CaptureBlocks>>
}

/** Grading. A lab that is frozen refuses whatever would put something into it, with 409 `frozen`; all else goes on. */
export interface LabGradingCalls {
  /**
   * The grade, by the lab's own checks or by a rubric (YAML) that stands in for them; 422 `bad-rubric` with line and field. It rests
   * on what is stored, the rubric and the engine: the same again has the same `digest`, also from an export of the lab.
   * It tells the right answers: for those who teach.
   */
  grade(request: GradeRequest, caller: Caller): Promise<Answer<GradeReport>>
  /** The checks as tasks: what is asked, what was answered, how many hints there are. Never what is right. */
  tasks(): Promise<Answer<Tasks>>
  /** A line of the journal, attributed like those that were typed. Of several answers to a task the last one counts. */
  answer(request: AnswerRequest, caller: Caller): Promise<Answer<AnswerGiven>>
  /** The next hint of a ladder; what it costs is taken off the points of its check. */
  takeHint(request: HintRequest, caller: Caller): Promise<Answer<Hint>>
  /** For ever, and again without effect. Time stands still, real machines are unplugged. `reason` is part of a sentence. */
  freeze(reason: string, caller: Caller): Promise<Answer<Frozen>>
}

/** Several people at one lab, beside what they do by socket. */
export interface LabTogetherCalls {
  /** What was said beside the lab, the newest before a number. */
  chat(query: { before: number; limit: number }): Promise<Answer<ChatPage>>
  say(text: string, caller: Caller): Promise<Answer<ChatMessage>>
  unsay(message: number, caller: Caller): Promise<Answer<ChatMessage>>
  messagesOf(personId: string): Promise<Answer<readonly ChatMessage[]>>
  /** What this person said goes, also from pages that are open; how many messages it was. */
  eraseMessages(personId: string): Promise<Answer<number>>
  /** What it holds: machines, bytes at rest, and for how long its time has gone on by itself, in milliseconds. */
  usage(): Promise<Answer<{ readonly machines: number; readonly bytes: number; readonly liveMs: number }>>
  /** For how many milliseconds time may yet go on by itself here, as the live hours of the month are; null: as long as it likes. */
  allowLive(left: number | null): Promise<Answer<null>>
  /** The lines that this person has put in. */
  linesOf(personId: string): Promise<Answer<readonly { id: number; wall: number; console: string; line: string }[]>>
  /** Their lines stay, because what came after rests on them, but are somebody's without a name; what they said goes. */
  forget(personId: string, alias: { readonly id: string; readonly name: string }): Promise<Answer<null>>
}
