import type { Answer, Caller, CreateLab, LabHostCalls, LabSummary, Refusal } from '../../durable/contract.ts'
import type { ChatPage, ExecAnswer, ExecRequest, HandAction, TableName, Topology } from '../../durable/protocol.ts'

const ok = <T>(value: T): Answer<T> => ({ ok: true, value })
const no = (status: Refusal['status'], code: string, message: string, more: Partial<Refusal> = {}): Refusal => ({
  ok: false,
  status,
  code,
  message,
  ...more,
})

/** The contract without a simulation behind it: for what the edge does around a lab. */
export class FakeLabHost implements LabHostCalls {
  summaryNow: LabSummary | null = null
  readonly calls: { method: string; caller?: Caller; input?: unknown }[] = []
  readonly answers = new Map<string, ExecAnswer>()
  upgrade: Headers | null = null
  full = false
  /** Thrown by the next calls, as the platform would. */
  faults: Error[] = []

  private enter(method: string, caller?: Caller, input?: unknown): void {
    this.calls.push({ method, caller, input })
    const fault = this.faults.shift()
    if (fault) throw fault
  }

  async create(input: CreateLab): Promise<Answer<LabSummary>> {
    this.enter('create', undefined, input)
    if (input.from === 'definition' && input.yaml.includes('broken')) {
      return no(422, 'bad-definition', 'expected an address', { line: 7, field: 'machines.0.adapters.0.address' })
    }
    const seed = input.from === 'export' ? 7 : input.seed
    const machines = [{ name: 'pc', hostname: 'PC', os: 'windows', consoles: ['pc'] }]
    const times = { now: 0, epochMicros: 0, zoneMinutes: 0 }
    this.summaryNow = { title: 'A lab', summary: 'For tests', seed, ...times, machines, brief: '# Do it' }
    return ok(this.summaryNow)
  }
  async summary(): Promise<Answer<LabSummary>> {
    this.enter('summary')
    return this.summaryNow ? ok(this.summaryNow) : no(404, 'not-found', 'empty')
  }
  async exec(request: ExecRequest, caller: Caller): Promise<Answer<ExecAnswer>> {
    this.enter('exec', caller, request)
    if (request.console !== 'pc') return no(404, 'not-found', 'There is no such console.', { field: 'console' })
    const before = this.answers.get(request.clientId)
    if (before) return ok({ ...before, repeated: true })
    const job = String(this.answers.size + 1)
    const times = { startedAt: 0, endedAt: 5 }
    const answer: ExecAnswer = {
      status: 'done',
      job,
      output: `${request.line}\n`,
      exitStatus: 0,
      prompt: '> ',
      packets: [1, 2],
      unsettled: [],
      repeated: false,
      ...times,
    }
    this.answers.set(request.clientId, answer)
    return ok(answer)
  }
  used = { machines: 1, bytes: 4096, liveMs: 0 }
  async usage() {
    this.enter('usage')
    return ok(this.used)
  }
  async allowLive(left: number | null) {
    this.enter('allowLive', undefined, left)
    return ok(null)
  }
  async forget(personId: string, alias: { id: string; name: string }) {
    this.enter('forget', undefined, { personId, alias })
    return ok(null)
  }
  async linesOf(_personId: string) {
    return ok([])
  }
  async messagesOf(_personId: string) {
    return ok([])
  }
  async job(id: string): Promise<Answer<ExecAnswer>> {
    const found = [...this.answers.values()].find((answer) => answer.job === id)
    return found ? ok(found) : no(404, 'not-found', 'There is no such job.')
  }
  async interrupt(_console: string, caller: Caller): Promise<Answer<{ prompt: string }>> {
    this.enter('interrupt', caller)
    return ok({ prompt: '> ' })
  }
  async chat(): Promise<Answer<ChatPage>> {
    this.enter('chat')
    return ok({ messages: [], more: false })
  }
  async topology(): Promise<Answer<Topology>> {
    this.enter('topology')
    return ok({ now: 0, nodes: [], links: [] })
  }
  async leases() {
    return ok([{ server: 'r', address: '10.0.0.2', mac: '02:00:00:00:00:01', hostname: 'pc', state: 'bound', expiresAt: 1 }])
  }
  async table(machine: string, table: TableName) {
    if (machine !== 'pc') return no(404, 'not-found', 'There is no such machine.')
    return ok({ machine, table, columns: ['a'], rows: [['1']] })
  }
  async hand(action: HandAction, caller: Caller): Promise<Answer<Topology>> {
    this.enter('hand', caller, action)
    return ok({ now: 0, nodes: [], links: [] })
  }
  async check(caller: Caller) {
    this.enter('check', caller)
    return ok({ score: 1, of: 2, results: [] })
  }
  async activity() {
    this.enter('activity')
    return ok({ at: null, failing: null })
  }
  async packets(query: { after: number; limit: number; packet?: number; command?: number }) {
    this.enter('packets', undefined, query)
    return ok({ packets: [], oldest: 0, next: query.after })
  }
  async packet(sequence: number) {
    return no(404, 'not-found', `There is no packet ${sequence}.`)
  }
  async capture(window: object) {
    this.enter('capture', undefined, window)
    return ok(new Uint8Array([0x0a, 0x0d, 0x0d, 0x0a]))
  }
  async journal() {
    return ok([{ id: 4, at: 0, wall: 0, console: 'pc', by: 'Someone', line: 'dir', exitStatus: 0, output: '' }])
  }
  async reset(caller: Caller): Promise<Answer<LabSummary>> {
    this.enter('reset', caller)
    return this.summary()
  }
  async export() {
    return ok(new Uint8Array([1, 2, 3]))
  }
  async ports() {
    this.enter('ports')
    const port = { port: 'home:5', on: 'home', kind: 'switch', label: 'home', state: 'free', link: null, mac: null } as const
    return ok([{ ...port, attached: null }])
  }
  async unplug(port: string, caller: Caller) {
    this.enter('unplug', caller, port)
    return ok(null)
  }
  async cutToken(token: string) {
    this.enter('cutToken', undefined, token)
    return ok(null)
  }
  async disconnect(personId: string) {
    this.enter('disconnect', undefined, personId)
    return ok(null)
  }
  async solve(input: { yaml: string; script: string; seed: number }) {
    this.enter('solve', undefined, input)
    const solved = { seed: input.seed, outcome: 'solved' as const, variant: [], points: 3, of: 3, missed: [], events: 9 }
    return ok(solved)
  }
  async solveSeeds({ seeds }: { seeds: readonly number[] }) {
    this.enter('solveSeeds', undefined, { seeds })
    return ok(seeds.map((seed) => ({ seed, outcome: 'solved' as const, variant: [], points: 3, of: 3, missed: [], events: 9 })))
  }
  async destroy() {
    this.enter('destroy')
    this.summaryNow = null
    return ok(null)
  }

  async fetch(request: Request): Promise<Response> {
    this.upgrade = request.headers
    if (this.full) return new Response('Too many people are at this lab.', { status: 429 })
    const { 0: client, 1: server } = new WebSocketPair()
    server.accept()
    server.addEventListener('message', (event) => server.send(`echo ${event.data}`))
    return new Response(null, { status: 101, webSocket: client })
  }
}

/** As many lab hosts as are asked for, by id. */
export class FakeNamespace {
  readonly hosts = new Map<string, FakeLabHost>()
  readonly jurisdictions: string[] = []
  /** Given to the next host that comes into being. */
  nextFaults: Error[] = []

  newUniqueId() {
    const id = `object-${crypto.randomUUID()}`
    return { toString: () => id }
  }
  idFromString(id: string) {
    return id
  }
  jurisdiction(name: string) {
    this.jurisdictions.push(name)
    return this
  }
  get(id: string): FakeLabHost {
    let host = this.hosts.get(id)
    if (host === undefined) {
      host = new FakeLabHost()
      host.faults = this.nextFaults
      this.nextFaults = []
      this.hosts.set(id, host)
    }
    return host
  }
  get last(): FakeLabHost {
    const host = [...this.hosts.values()].at(-1)
    if (host === undefined) throw new Error('no lab was made')
    return host
  }
}
