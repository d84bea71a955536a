import fc from 'fast-check'
import { afterEach, expect, it, vi } from 'vitest'
import type { Caller } from './contract.ts'
import { ASK_PATIENCE, IDLE_OWNER } from './terminals.ts'
import { ada, bob, Client, command, expectOk, type Host, newLab } from './test-support.ts'

// People and a key do whatever they like with one terminal, and the object is lost whenever it likes.

const people: readonly Caller[] = [ada, bob, { personId: 'person-eve', name: 'Eve', role: 'student' }]
const key: Caller = { personId: 'key:robot', name: 'robot', role: 'machine' }
const watcher: Caller = { personId: 'person-will', name: 'Will', role: 'observer' }
const RUNS = Number(process.env['PROPERTY_RUNS'] ?? 12)

const who = fc.nat({ max: people.length - 1 })
const what = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('line' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('burst' as const), who }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('call' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('long-call' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('ask' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('give' as const), who, to: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('refuse' as const), who, to: who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('let-go' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('take-over' as const), who }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('watch' as const), who, on: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('reload' as const), who }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('evict' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('wait' as const), by: fc.constantFrom(ASK_PATIENCE, IDLE_OWNER) }) },
)
type Act = typeof what extends fc.Arbitrary<infer A> ? A : never

let lines = 0
const text = () => `echo ${++lines}a; echo ${lines}b`

class Table {
  readonly lab: Host
  readonly clients: Client[]
  readonly observer: Client
  readonly watching = new Set<string>()
  /** Text of the terminal, as an onlooker was told it. */
  seen: { readonly text: string; readonly by: string | null }[] = []

  private constructor(lab: Host, clients: Client[], observer: Client) {
    this.lab = lab
    this.clients = clients
    this.observer = observer
  }

  static async open(): Promise<Table> {
    const lab = await newLab()
    // The console is there from the first line on.
    expectOk(await lab.exec(command('desk', 'echo begin'), key))
    const clients = await Promise.all(people.map((one) => Client.join(lab, one)))
    return new Table(lab, clients, await Client.join(lab, watcher))
  }

  /** The one owner, as whoever comes now is told. */
  async owner(): Promise<string | null> {
    this.keep()
    this.observer.send({ type: 'hello', packetsAfter: -1, visible: false })
    const { consoles } = await this.observer.next('welcome')
    this.observer.send({ type: 'credit', batches: 64 })
    this.keep()
    return consoles.find((one) => one.console === 'desk')?.owner?.id ?? null
  }

  keep(): void {
    for (const one of this.observer.received.splice(0))
      if (one.type === 'output' && one.console === 'desk') this.seen.push({ text: one.text, by: one.by })
  }

  /** Sends lines one right after the other; which of them were taken. */
  async enter(at: number, ...all: readonly string[]): Promise<boolean[]> {
    const client = this.clients[at]
    const results = new Map<string, boolean | undefined>()
    for (const line of all) {
      const clientId = `a-line-of-${at}-${++lines}`
      results.set(clientId, undefined)
      client.send({ type: 'exec', console: 'desk', line, clientId })
    }
    while ([...results.values()].includes(undefined)) {
      const [one] = client.received.splice(0, 1)
      if (!one) await client.something()
      else if ((one.type === 'answer' || one.type === 'error') && results.has(one.clientId ?? ''))
        results.set(one.clientId ?? '', one.type === 'answer')
    }
    return [...results.values()].map((taken) => taken === true)
  }

  async do(act: Act): Promise<void> {
    const before = await this.owner()
    const id = 'who' in act ? people[act.who].personId : ''
    const client = 'who' in act ? this.clients[act.who] : this.observer
    const mayType = (person: string, owner: string | null) => (owner === null || owner === person) && !this.watching.has(person)
    switch (act.do) {
      case 'line':
        expect(await this.enter(act.who, text())).toEqual([mayType(id, before)])
        return
      case 'burst': {
        const taken = await Promise.all(people.map((_, at) => this.enter(at, text(), text())))
        for (const [first, second] of taken) expect(first).toBe(second)
        const winners = new Set(people.filter((_, at) => taken[at][0]))
        expect(winners.size).toBeLessThanOrEqual(1)
        for (const { personId } of winners) expect([before ?? personId, await this.owner()]).toEqual([personId, personId])
        return
      }
      case 'call':
      case 'long-call': {
        const line = act.do === 'call' ? text() : 'ping -t 192.168.3.1'
        const answer = await this.lab.exec(command('desk', line, `a-call-${++lines}`), key)
        expect(answer.ok).toBe(before === null || before === key.personId)
        if (answer.ok && answer.value.status === 'running') {
          expect(await this.owner()).toBe(key.personId)
          expectOk(await this.lab.interrupt('desk', key))
        }
        return
      }
      case 'ask':
      case 'let-go':
      case 'take-over':
        client.send({ type: 'terminal', console: 'desk', act: act.do })
        break
      case 'give':
      case 'refuse':
        client.send({ type: 'hand-over', console: 'desk', act: act.do, person: people[act.to].personId })
        break
      case 'watch':
        if (act.on) this.watching.add(id)
        else this.watching.delete(id)
        client.send({ type: 'watch', on: act.on })
        break
      case 'reload':
        client.close(1000)
        while (!client.closed) await client.something()
        this.watching.delete(id)
        this.clients[act.who] = await Client.join(this.lab, people[act.who])
        break
      case 'evict':
        await this.lab.evict()
        break
      case 'wait': {
        const now = Date.now() + act.by
        vi.spyOn(Date, 'now').mockReturnValue(now)
      }
    }
    if (act.do !== 'evict' && act.do !== 'wait' && act.do !== 'reload') await this.clients[act.who].settle()
    const after = await this.owner()
    // Nobody owns it who could not type, and only those get it who were given it, asked, or may take it.
    if (after !== null && after !== key.personId) expect(this.watching.has(after)).toBe(false)
    if (act.do === 'evict') expect(after).toBe(before)
    if (act.do === 'give' && before === id && !this.watching.has(people[act.to].personId))
      expect(after).toBe(people[act.to].personId)
    if (act.do === 'give' && before !== null && before !== id) expect(after).toBe(before)
    if (act.do === 'take-over' && id === bob.personId && !this.watching.has(id)) expect(after).toBe(id)
  }
}

afterEach(() => {
  vi.restoreAllMocks()
})

it('has one owner at any time, whole lines, and a journal that says whose each was', async () => {
  const property = fc.asyncProperty(fc.array(what, { minLength: 10, maxLength: 30 }), async (acts) => {
    vi.restoreAllMocks()
    const table = await Table.open()
    const owners: [number, string | null][] = []
    for (const act of acts) {
      owners.push([expectOk(await table.lab.journal({ after: 0, limit: 500 })).length, await table.owner()])
      await table.do(act)
    }
    await table.owner()
    const { lines: journal } = expectOk(await table.lab.history({ after: 0, limit: 500 }))
    // Whoever owned it at the beginning of an act, or got it in its course, has entered what was entered.
    let owner: string | null = null
    for (const [at, line] of journal.entries()) {
      for (const [length, then] of owners) if (length === at) owner = then
      if (line.kind === 'owner') owner = line.by
      const named: string | null = people.find((one) => one.personId === owner || one.name === owner)?.name ?? (owner && 'robot')
      if (line.kind === 'exec' || line.kind === 'interrupt') {
        expect(named === null || named === line.by, `line ${line.id} by ${line.by}, owner ${named}`).toBe(true)
        owner = line.by
      }
    }
    // What the terminal shows is those lines, one after the other, none inside another.
    const shown = table.seen.filter(({ by }) => by !== null).map(({ text: it }) => it)
    const stored = expectOk(await table.lab.journal({ after: 1, limit: 500 })).filter(({ line }) => line.startsWith('echo'))
    const echoed = shown.filter((it) => /> echo/.test(it))
    expect(echoed.map((it) => it.slice(it.indexOf('echo')))).toEqual(stored.map(({ line, output }) => `${line}\n${output}`))
    for (const { line, output } of stored) expect(output).toBe(line.replaceAll('echo ', '').replace('; ', '\n').concat('\n'))
    for (const one of [...table.clients, table.observer]) one.close(1000)
  })
  await fc.assert(property, { numRuns: RUNS, endOnFailure: true })
})
