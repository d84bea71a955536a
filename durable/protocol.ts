import { z } from 'zod'
import { chatPage, chatText, consoleState, person, terminalEnd } from './protocol-people.ts'

export * from './protocol-people.ts'

// What crosses the boundary of a lab: the same schemas validate at the HTTP edge, on the WebSocket and in the console, and
// the OpenAPI document is made from them. Times are lab microseconds unless said otherwise.

export const SUBPROTOCOL = 'lab.v1'
export const LIMITS = {
  line: 4_096,
  definition: 256 * 1024,
  body: 1024 * 1024,
  importFile: 16 * 1024 * 1024,
  packetPage: 500,
} as const

const name = z.string().min(1).max(64)
export const consoleName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,40}(:[1-9])?$/)
  .describe('machine, or machine:number for a further console')

export const execRequest = z
  .strictObject({
    console: consoleName,
    line: z.string().max(LIMITS.line),
    clientId: z.string().min(8).max(64).describe('names this command: a retry with the same id returns the first answer'),
  })
  .meta({ id: 'ExecRequest' })

export const execAnswer = z
  .object({
    status: z.enum(['done', 'running', 'queued']),
    job: z.string().describe('names the command for later questions'),
    output: z.string(),
    exitStatus: z.number().int().nullable(),
    prompt: z.string(),
    startedAt: z.number(),
    endedAt: z.number(),
    /** Ids of the packets that the command caused, at most 1,000. */
    packets: z.array(z.number()),
    unsettled: z.array(z.string()),
    repeated: z.boolean().describe('true when this is the stored answer to a retry'),
  })
  .meta({ id: 'ExecAnswer' })

export const packetRow = z
  .object({
    sequence: z.number(),
    time: z.number(),
    packet: z.number(),
    cause: z.number(),
    command: z.number(),
    where: z.string().describe('machine / adapter'),
    direction: z.enum(['in', 'out']),
    verdict: z.string(),
    verdictText: z.string(),
    source: z.string(),
    destination: z.string(),
    protocol: z.string(),
    info: z.string(),
    length: z.number(),
  })
  .meta({ id: 'PacketRow' })

const field = z.object({ name: z.string(), value: z.string(), from: z.number(), to: z.number() })
export const packetDetail = packetRow
  .extend({
    bytes: z.string().describe('hexadecimal'),
    layers: z.array(z.object({ name: z.string(), from: z.number(), to: z.number(), fields: z.array(field) })),
  })
  .meta({ id: 'PacketDetail' })
export const packetPage = z
  .object({ packets: z.array(packetRow), oldest: z.number(), next: z.number() })
  .meta({ id: 'PacketPage' })

export const topology = z
  .object({
    now: z.number(),
    nodes: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        kind: z.enum(['computer', 'guest', 'router', 'server', 'switch', 'access-point', 'virtual-switch', 'real']),
        /** The computer that a guest or virtual switch is inside of. */
        inside: z.string().nullable(),
        power: z.enum(['on', 'off', 'saved']),
        console: z.boolean(),
        /** Live addresses, one line each: `Ethernet 192.168.3.50/24`. */
        addresses: z.array(z.string()),
        os: z.string(),
      }),
    ),
    links: z.array(
      z.object({
        name: z.string(),
        a: z.string(),
        b: z.string(),
        aPort: z.string(),
        bPort: z.string(),
        kind: z.enum(['cable', 'radio', 'vmbus', 'tunnel']),
        up: z.boolean(),
        /** A person may pull and plug it. */
        pluggable: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'Topology' })

export const checkResult = z
  .object({
    id: z.string(),
    title: z.string(),
    outcome: z.enum(['pass', 'fail', 'could-not-run']),
    points: z.number(),
    of: z.number(),
    message: z.string(),
    /** Packets that show it. */
    packets: z.array(z.number()),
    /** Whether the packets are of a trial in a copy, not of the lab itself. */
    trial: z.boolean(),
  })
  .meta({ id: 'CheckResult' })

export const handAction = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('plug'), link: name }),
    z.strictObject({ action: z.literal('unplug'), link: name }),
    z.strictObject({ action: z.literal('power-on'), machine: name }),
    z.strictObject({ action: z.literal('power-off'), machine: name }),
  ])
  .meta({ id: 'HandAction' })

export const tableName = z.enum([
  'interfaces',
  'neighbors',
  'routes',
  'sockets',
  'dns-cache',
  'dhcp-leases',
  'nat',
  'firewall',
  'switch',
])
export const table = z
  .object({ machine: z.string(), table: z.string(), columns: z.array(z.string()), rows: z.array(z.array(z.string())) })
  .meta({ id: 'Table' })
export const lease = z
  .object({
    server: z.string(),
    address: z.string(),
    mac: z.string(),
    hostname: z.string(),
    state: z.string(),
    expiresAt: z.number(),
  })
  .meta({ id: 'Lease' })

// Machines from outside.

export const ATTACH_PROTOCOL = 'ethernet.v1'
/** A port in a path: `home:5`, `pc.default-switch:1`, `router.lan2`. */
export const portName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}(\.[a-z0-9-]{1,62})?(:[1-9]\d{0,3})?$/)
  .describe('a port of a switch (`home:5`), of a virtual switch (`pc.default-switch:1`) or of a machine (`router.lan2`)')
export const macAddress = z
  .string()
  .regex(/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/, 'This is not a MAC address such as 02:00:5e:10:00:01.')
  .refine((text) => (Number.parseInt(text.slice(0, 2), 16) & 1) === 0, 'This is the address of a group.')
const counted = z.object({ frames: z.number(), bytes: z.number() })
export const portTraffic = z
  .object({
    in: counted.extend({ dropped: z.record(z.string(), z.number()).describe('by reason: the verdicts of the packet list') }),
    out: counted.extend({ dropped: z.number() }),
    waiting: z.number().describe('frames that came too fast and wait'),
  })
  .meta({ id: 'PortTraffic' })
export const portState = z
  .object({
    port: z.string(),
    on: z.string().describe('the node of the topology that it is on'),
    kind: z.enum(['switch', 'virtual-switch', 'machine']),
    label: z.string(),
    state: z.enum(['free', 'cable', 'real']),
    link: z.string().nullable(),
    mac: z.string().nullable(),
    attached: z
      .object({
        since: z.number().describe('milliseconds since 1970'),
        label: z.string(),
        token: z.string().describe('id of the token that it came with'),
        by: z.string(),
        traffic: portTraffic,
      })
      .nullable(),
  })
  .meta({ id: 'Port' })

// Time, history and explanations.

export const eventKind = z.enum(['event', 'lease-renewal', 'lease-expiry', 'arp-expiry', 'nat-expiry', 'dns-expiry'])
export const clockState = z
  .object({
    mode: z.enum(['instant', 'live']),
    /** Live only: time goes on by itself while somebody watches. */
    running: z.boolean(),
    /** Lab seconds a second, 0.1 to 1,000. */
    speed: z.number(),
    /** What a live lab does about the time nobody was there. */
    absence: z.enum(['frozen', 'catch-up']),
    now: z.number(),
    /** When the next event of each kind is due, null when none is. */
    next: z.record(eventKind, z.number().nullable()),
  })
  .meta({ id: 'ClockState' })
export const clockChange = z
  .strictObject({
    mode: z.enum(['instant', 'live']).optional(),
    running: z.boolean().optional(),
    speed: z.number().min(0.1).max(1000).optional(),
    absence: z.enum(['frozen', 'catch-up']).optional(),
  })
  .meta({ id: 'ClockChange' })
export const advanceRequest = z
  .union([
    z.strictObject({
      by: z
        .number()
        .int()
        .positive()
        .max(3650 * 86_400_000_000),
    }),
    z.strictObject({ to: eventKind }),
    z.strictObject({ step: z.enum(['event', 'packet']) }),
  ])
  .meta({ id: 'AdvanceRequest' })
export const advanceAnswer = z
  .object({
    startedAt: z.number(),
    endedAt: z.number(),
    reached: z.boolean(),
    packets: z.array(z.number()),
    unsettled: z.array(z.string()),
    line: z.number(),
  })
  .meta({ id: 'AdvanceAnswer' })

export const historyLine = z
  .object({
    id: z.number(),
    branch: z.number(),
    kind: z.string(),
    console: z.string(),
    line: z.string(),
    by: z.string(),
    at: z.number(),
    endedAt: z.number().nullable(),
    wall: z.number(),
    exitStatus: z.number().nullable(),
    /** False: this line belongs to a branch that was left by a rewind or an undo. */
    current: z.boolean(),
    /** A snapshot stands right after this line. */
    snapshot: z.string().nullable(),
  })
  .meta({ id: 'HistoryLine' })
export const history = z
  .object({
    lines: z.array(historyLine),
    /** The one that goes on. */
    branch: z.number(),
    /** Those that a rewind or an undo began, in order; the first one, 0, is not among them. */
    branches: z.array(
      z.object({
        id: z.number(),
        /** It begins after line `after` of this branch, or of one of its own parents. */
        parent: z.number(),
        after: z.number(),
        /** The line that opened it, and left whichever branch went on before. */
        line: z.number(),
      }),
    ),
    snapshots: z.array(
      z.object({ name: z.string(), line: z.number(), at: z.number(), automatic: z.boolean(), bytes: z.number() }),
    ),
  })
  .meta({ id: 'History' })
export const snapshotRequest = z.strictObject({ name: name }).meta({ id: 'SnapshotRequest' })
export const rewindRequest = z
  .strictObject({ line: z.number().int().min(0), force: z.boolean().optional() })
  .meta({ id: 'RewindRequest' })
export const undoRequest = z.strictObject({ line: z.number().int().min(1) }).meta({ id: 'UndoRequest' })
export const forkRequest = z
  .strictObject({ line: z.number().int().min(0).optional(), title: z.string().min(1).max(120).optional() })
  .meta({ id: 'ForkRequest' })
export const replayReport = z
  .object({
    from: z.number().describe('the line it began after: 0 is the beginning'),
    lines: z.number(),
    same: z.boolean(),
    engine: z.object({ recorded: z.number(), now: z.number() }),
    difference: z
      .object({
        line: z.number(),
        what: z.string(),
        recorded: z.string(),
        again: z.string(),
        recordedPacket: packetDetail.nullable(),
        againPacket: packetDetail.nullable(),
      })
      .nullable(),
  })
  .meta({ id: 'ReplayReport' })

const sentence = z.object({
  text: z.string(),
  packet: z.number().optional(),
  sequence: z.number().optional(),
  bytes: z.object({ from: z.number(), to: z.number() }).optional(),
  table: z.object({ machine: z.string(), table: z.string(), row: z.string() }).optional(),
})
export const explanation = z
  .object({ packet: z.number(), title: z.string(), outcome: z.string(), sentences: z.array(sentence) })
  .meta({ id: 'Explanation' })
export const causes = z
  .object({
    command: z.number(),
    healthy: z.boolean(),
    causes: z.array(
      z.object({ kind: z.string(), machine: z.string().nullable(), text: z.string(), packets: z.array(z.number()) }),
    ),
  })
  .meta({ id: 'Causes' })
export const queryRequest = z.strictObject({ query: z.string().min(1).max(2000) }).meta({ id: 'QueryRequest' })
export const queryAnswer = z
  .object({ holds: z.boolean(), why: z.string(), packets: z.array(z.number()), commands: z.array(z.number()) })
  .meta({ id: 'QueryAnswer' })

/** Somebody asks the others who are at the lab whether it may go back. */
export const proposal = z.object({
  id: z.string(),
  by: person.pick({ id: true, name: true }),
  /** The line that it would go back to: 0 is the beginning. */
  line: historyLine.pick({ id: true, kind: true, console: true, line: true }),
  /** Those who have not agreed yet. */
  missing: z.array(person.pick({ id: true, name: true })),
  /** Milliseconds after which it is over by itself. */
  left: z.number(),
})
export const proposalEnd = z.object({
  id: z.string(),
  how: z.enum(['done', 'refused', 'taken-back', 'left', 'expired', 'void', 'failed']),
  /** Who refused; otherwise who asked. */
  by: z.string(),
  /** Why the lab could not go back. */
  message: z.string().optional(),
})

// WebSocket `lab.v1`, JSON text messages.

export const clientMessage = z.discriminatedUnion('type', [
  /** First message and after every reconnect: what was seen last, so that only what is new is sent. */
  z.strictObject({ type: z.literal('hello'), packetsAfter: z.number().int().min(-1), visible: z.boolean() }),
  z.strictObject({
    type: z.literal('exec'),
    console: consoleName,
    line: z.string().max(LIMITS.line),
    clientId: z.string().min(8).max(64),
  }),
  z.strictObject({ type: z.literal('interrupt'), console: consoleName }),
  z.strictObject({
    type: z.literal('complete'),
    console: consoleName,
    line: z.string().max(LIMITS.line),
    request: z.number().int(),
  }),
  /** Which terminal this person looks at, and the unfinished line in it (shown to the others, empty when not typing). */
  z.strictObject({ type: z.literal('focus'), console: consoleName, draft: z.string().max(LIMITS.line) }),
  z.strictObject({ type: z.literal('hand'), action: handAction }),
  /** Flow control: this many more packet batches may be sent. */
  z.strictObject({ type: z.literal('credit'), batches: z.number().int().min(1).max(64) }),
  z.strictObject({ type: z.literal('packets'), after: z.number().int().min(-1) }),
  z.strictObject({ type: z.literal('clock'), change: clockChange }),
  z.strictObject({ type: z.literal('advance'), advance: advanceRequest }),
  /** Back to right after a line: at once when nobody else is at work here, else when all of them agree. */
  z.strictObject({ type: z.literal('rewind'), line: z.number().int().min(0) }),
  z.strictObject({ type: z.literal('consent'), proposal: z.string().max(64), agree: z.boolean() }),
  /** Only by whoever asked. */
  z.strictObject({ type: z.literal('take-back'), proposal: z.string().max(64) }),
  /** About who types in a terminal. `person`: to whom it is given or refused. */
  z.strictObject({
    type: z.literal('terminal'),
    console: consoleName,
    act: z.enum(['take', 'ask', 'unask', 'let-go', 'take-over']),
  }),
  z.strictObject({
    type: z.literal('hand-over'),
    console: consoleName,
    act: z.enum(['give', 'refuse']),
    person: z.string().min(1).max(128),
  }),
  /** Only watching, or not any more. */
  z.strictObject({ type: z.literal('watch'), on: z.boolean() }),
  z.strictObject({ type: z.literal('say'), text: chatText }),
  z.strictObject({ type: z.literal('unsay'), message: z.number().int().min(1) }),
])
export type ClientMessage = z.infer<typeof clientMessage>

export const serverMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('welcome'),
    you: z.string(),
    title: z.string(),
    people: z.array(person),
    consoles: z.array(consoleState),
    topology,
    resumed: z.boolean(),
    proposal: proposal.nullable().default(null),
    /** Milliseconds until whoever came by a link may not be here any more. */
    left: z.number().nullable().default(null),
  }),
  /** Terminal text: everybody gets the same, in the same order. `by` is who typed the line. */
  z.object({ type: z.literal('output'), console: z.string(), text: z.string(), by: z.string().nullable() }),
  z.object({ type: z.literal('console'), state: consoleState.omit({ scrollback: true, history: true }), draft: z.string() }),
  z.object({ type: z.literal('answer'), clientId: z.string(), answer: execAnswer }),
  z.object({ type: z.literal('completion'), request: z.number(), from: z.number(), candidates: z.array(z.string()) }),
  z.object({ type: z.literal('people'), people: z.array(person) }),
  z.object({ type: z.literal('topology'), topology }),
  z.object({ type: z.literal('packets'), packets: z.array(packetRow), oldest: z.number(), next: z.number() }),
  /** `notice`: a sentence that belongs to no console, for instance how far the lab has caught up. */
  z.object({ type: z.literal('clock'), clock: clockState, notice: z.string().optional() }),
  /** Packets up to here were not sent, because this socket did not keep up: fetch them from the capture. */
  z.object({ type: z.literal('skipped'), from: z.number(), to: z.number() }),
  /** What is asked now, null when nothing is; `ended` is about the one before. */
  z.object({ type: z.literal('proposal'), proposal: proposal.nullable(), ended: proposalEnd.optional() }),
  z.object({ type: z.literal('terminal'), ...terminalEnd.shape }),
  /** New messages, or those that are known as they are now. `whole`: all others are to be forgotten. */
  z.object({ type: z.literal('chat'), ...chatPage.shape, more: z.boolean().optional(), whole: z.boolean().optional() }),
  /** The lab was reset: forget packets and scrollback. */
  z.object({ type: z.literal('reset') }),
  z.object({ type: z.literal('error'), code: z.string(), message: z.string(), clientId: z.string().optional() }),
])
export type ServerMessage = z.infer<typeof serverMessage>

export type ExecRequest = z.infer<typeof execRequest>
export type ExecAnswer = z.infer<typeof execAnswer>
export type PacketRow = z.infer<typeof packetRow>
export type PacketDetail = z.infer<typeof packetDetail>
export type PacketPage = z.infer<typeof packetPage>
export type Topology = z.infer<typeof topology>
export type CheckResult = z.infer<typeof checkResult>
export type HandAction = z.infer<typeof handAction>
export type TableName = z.infer<typeof tableName>
export type Table = z.infer<typeof table>
export type Lease = z.infer<typeof lease>
export type Proposal = z.infer<typeof proposal>
export type ProposalEnd = z.infer<typeof proposalEnd>
export type ClockState = z.infer<typeof clockState>
export type ClockChange = z.infer<typeof clockChange>
export type AdvanceRequest = z.infer<typeof advanceRequest>
export type AdvanceAnswer = z.infer<typeof advanceAnswer>
export type HistoryLine = z.infer<typeof historyLine>
export type History = z.infer<typeof history>
export type ReplayReport = z.infer<typeof replayReport>
export type Explanation = z.infer<typeof explanation>
export type Causes = z.infer<typeof causes>
export type QueryAnswer = z.infer<typeof queryAnswer>
export type PortTraffic = z.infer<typeof portTraffic>
export type PortState = z.infer<typeof portState>
