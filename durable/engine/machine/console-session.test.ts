// A console runs one line at a time, and a line that is suspended when the lab is put away goes on where it was.
import { describe, expect, it } from 'vitest'
import type { Json } from '../sim/json.ts'
import { Simulation } from '../sim/simulation.ts'
import { scriptShell } from '../test-support/script-shell.ts'
import type { Shell, Wait, Wake } from './console.ts'
import { type ConsoleMachine, ConsoleSession, type ConsoleState } from './console-session.ts'
import type { Kernel } from './kernel.ts'
import { LogPage } from './log-page.ts'
import type { Process } from './process.ts'
import { LOG_BUDGET } from './recorded.ts'

type Told = { pid: number; events: Json[]; exitCode: number | null; interrupted: number }

type PutAway = { now: number; state: ConsoleState; processes: Map<number, Told>; pages: Map<string, LogPage> }

/** A machine with nothing but a clock and processes that the test speaks for. */
function machine(shell: Shell = scriptShell, from?: PutAway) {
  const sim = new Simulation(1)
  sim.now = from?.now ?? 0
  const said: string[] = []
  const processes = from?.processes ?? new Map<number, Told>()
  let calls = 0
  let session: ConsoleSession
  const kernel = {
    hyperV: undefined,
    clock: () => ({ now: sim.now, epochMicros: 0, zoneMinutes: 0 }),
    identity: () => ({ hostname: 'host' }),
    spawn: () => {
      const pid = 100 + processes.size
      processes.set(pid, { pid, events: [], exitCode: null, interrupted: 0 })
      return pid
    },
    kill: (pid: number) => void (processes.get(pid) as Told).interrupted++,
    interfaces: () => {
      calls++
      return [{ name: 'eth0', addresses: [{ address: `call ${calls}` }] }]
    },
    neighbors: () => [],
  }
  const host: ConsoleMachine = {
    name: 'host',
    sim,
    shell,
    kernelFor: () => kernel as unknown as Kernel,
    process: (pid) => {
      const told = processes.get(pid)
      return told && ({ ...told, events: told.events, touch() {}, interrupt: () => told.interrupted++ } as unknown as Process)
    },
    reap: (pid) => void processes.delete(pid),
    jobs: {
      awaited: () => undefined,
      part: () => -1,
      frontOf: () => undefined,
      typedFor: () => {},
      signal: (pid) => {
        const told = processes.get(pid)
        if (told) told.interrupted++
      },
    },
    storedPage: (name) => from?.pages.get(name),
    addPage: (page) => void sim.add(page),
  }
  session = new ConsoleSession(
    host,
    'host',
    (_, command, text) => said.push(`${command}: ${text.trimEnd()}`),
    (_, command, status) => said.push(`${command} ends ${status}`),
    from?.state,
  )
  sim.add(session)
  if (from) session.resume(from.state)
  const tell = (pid: number, event: Json) => {
    processes.get(pid)?.events.push(event)
    sim.touch(session)
    sim.run(sim.now)
  }
  const end = (pid: number, code: number) => {
    const process = processes.get(pid)
    if (process) process.exitCode = code
    sim.touch(session)
    sim.run(sim.now)
  }
  const take = () => said.splice(0)
  const pages = () => sim.parts().filter((part) => part instanceof LogPage)
  const putAway = () =>
    machine(shell, {
      now: sim.now,
      state: JSON.parse(JSON.stringify(session.save())),
      processes: structuredClone(processes),
      pages: new Map(pages().map((page) => [page.name, page])),
    })
  return { pages, sim, session, processes, tell, end, take, putAway, calls: () => calls }
}

describe('a console', () => {
  it('runs lines one after the other, in the order in which they were typed', () => {
    const { session, take, end } = machine()
    session.enter('ping {}', 1)
    session.enter('write two', 2)
    session.enter('count; count', 3)
    expect([session.busy, session.command, take()]).toEqual([true, 1, []])
    end(100, 7)
    expect(take()).toEqual(['1 ends 7', '2: two', '2 ends 0', '3: 1', '3: 2', '3 ends 0'])
    expect(session.busy).toBe(false)
    expect(session.prompt()).toBe('host:2$ ')
    expect(session.history).toEqual(['ping {}', 'write two', 'count; count'])
  })

  it('prints what a program reports when it reports it, and its exit status is that of the line', () => {
    const { session, take, tell, end } = machine()
    session.enter('ping {}', 1)
    tell(100, { kind: 'reply' })
    expect(take()).toEqual(['1: {"kind":"reply"}'])
    end(100, 0)
    expect(take()).toEqual(['1 ends 0'])
  })

  it('refuses a line when 32 wait, and loses none of those', () => {
    const { session, take, end } = machine()
    session.enter('ping {}', 1)
    for (let command = 2; command <= 33; command++) expect(session.enter(`write ${command}`, command)).toBe(true)
    expect(session.enter('write too many', 34)).toBe(false)
    end(100, 0)
    expect(take().filter((line) => line.includes('ends'))).toHaveLength(33)
  })

  it('sleeps for as long as the line says', () => {
    const { sim, session, take } = machine()
    session.enter('sleep 2500000; write after', 1)
    expect(session.pollAt()).toBe(2_500_000)
    sim.run(2_499_999)
    expect(take()).toEqual([])
    sim.run(2_500_000)
    expect(take()).toEqual(['1: elapsed at 2500000', '1: after', '1 ends 0'])
  })

  it('interrupts the program in front, and forgets the lines that wait', () => {
    const { session, processes, take, end } = machine()
    session.enter('ping {}', 1)
    session.enter('write never', 2)
    expect(session.interrupt()).toEqual([2])
    expect(processes.get(100)?.interrupted).toBeGreaterThan(0)
    expect(take()).toEqual(['1: ^C'])
    end(100, 130)
    expect(take()).toEqual(['1 ends 130'])
    expect(session.interrupt()).toEqual([])
  })

  it('interrupts a pause at once', () => {
    const { session, take } = machine()
    session.enter('sleep 9000000', 1)
    session.interrupt()
    expect(take()).toEqual(['1: interrupt at 0', '1 ends 130'])
  })

  it('survives a shell that throws, and says that it was not the student’s fault', () => {
    const { session, take } = machine()
    session.enter('write before; throw no such thing', 1)
    session.enter('write after', 2)
    expect(take()).toEqual([
      '1: before',
      '1: Switchroom: this command failed inside the simulator (no such thing).',
      '1 ends 1',
      '2: after',
      '2 ends 0',
    ])
  })

  it('cuts what one line prints at half a mebibyte', () => {
    const flood: Shell = {
      ...scriptShell,
      *run(_, { print }): Generator<Wait, number, Wake> {
        yield { sleep: 0 }
        for (let i = 0; i < 100; i++) print('x'.repeat(10_000))
        return 0
      },
    }
    const { sim, session, take } = machine(flood)
    session.enter('yes', 1)
    sim.run(0)
    const printed = take()
    expect(printed.join('').length).toBeLessThan(600_000)
    expect(printed.at(-2)).toContain('output of this command is cut here')
  })

  it('that loses its machine ends what runs and forgets its memory', () => {
    const { session, take } = machine()
    session.enter('count; ping {}', 1)
    session.enter('write never', 2)
    take()
    session.reset()
    expect(take()).toContain('1 ends 1')
    expect([session.busy, session.prompt()]).toEqual([false, 'host:0$ '])
  })
})

describe('a console that was put away', () => {
  it('goes on with a suspended line and prints nothing twice: calls answer what they answered then', () => {
    const before = machine()
    before.session.enter('count; look; ping {}; look; count', 1)
    before.tell(100, { kind: 'reply', sequence: 1 })
    expect(before.take()).toEqual(['1: 1', '1: 0 eth0 call 1; 0 neighbours', '1: {"kind":"reply","sequence":1}'])
    const after = before.putAway()
    expect(after.take()).toEqual([])
    expect([after.calls(), after.processes.size, after.session.busy]).toEqual([0, 1, true])
    after.sim.run(5)
    after.tell(100, { kind: 'reply', sequence: 2 })
    after.end(100, 0)
    expect(after.take()).toEqual(['1: {"kind":"reply","sequence":2}', '1: 5 eth0 call 1; 0 neighbours', '1: 2', '1 ends 0'])
  })

  it('sleeps on until the same time, again and again', () => {
    let one = machine()
    one.session.enter('sleep 1000; sleep 1000; write done', 1)
    for (let now = 0; now < 2000; now += 100) {
      one.sim.run(now)
      const said = one.take()
      expect(said).toEqual(now === 1000 ? ['1: elapsed at 1000'] : [])
      one = one.putAway()
    }
    one.sim.run(2000)
    expect(one.take()).toEqual(['1: elapsed at 2000', '1: done', '1 ends 0'])
  })

  it('keeps its queue, history and memory', () => {
    const before = machine()
    before.session.enter('count', 1)
    before.session.enter('ping {}', 2)
    before.session.enter('count', 3)
    const after = before.putAway()
    after.end(100, 0)
    expect(after.take()).toEqual(['2 ends 0', '3: 2', '3 ends 0'])
    expect(after.session.history).toEqual(['count', 'ping {}', 'count'])
  })

  it('told too much and still waiting is stopped, put away or not, and what waits goes on', () => {
    const filler = 'x'.repeat(64 * 1024)
    const most = Math.ceil(LOG_BUDGET / filler.length)
    for (const away of [false, true]) {
      let one = machine()
      one.session.enter('ping {}', 1)
      for (let i = 0; i < most - 1; i++) one.tell(100, { filler })
      if (away) one = one.putAway()
      one.session.enter('write next', 2)
      expect(one.take().filter((text) => text.includes('stopped') || text.includes('ends'))).toEqual([])
      one.tell(100, { filler })
      expect(one.take().filter((text) => !text.includes(filler))).toEqual([
        '1: \nThe line was stopped: it was told 2 MiB by the system and still waits, and this lab bounds that.',
        '1 ends 1',
        '2: next',
        '2 ends 0',
      ])
    }
  })

  it('keeps what the line was told in pages that are written once', () => {
    const before = machine()
    before.session.enter('ping {}', 1)
    const tell = (count: number) => {
      for (let i = 0; i < count; i++) before.tell(100, { sequence: i, filler: 'x'.repeat(1000) })
    }
    tell(100)
    const [first] = before.pages()
    tell(100)
    expect(before.pages()[0]).toBe(first)
    expect(before.pages().length).toBeGreaterThan(4)
    expect(JSON.stringify(before.session.save()).length).toBeLessThan(40_000)
    const after = before.putAway()
    after.tell(100, { sequence: 200 })
    after.end(100, 0)
    expect(after.take()).toEqual(['1: {"sequence":200}', '1 ends 0'])
    expect(after.pages()).toEqual([])
  })

  it('does not record what a view takes', () => {
    const viewing: Shell = {
      ...scriptShell,
      *run(_line, { kernel, print }) {
        const pid = kernel.spawn('ping', null)
        const view = (event: Json) => {
          if (event !== 'seen') return false
          print('seen\n')
          return true
        }
        for (;;) {
          const wake = yield { wait: pid, view }
          print(`${JSON.stringify(wake)}\n`)
          if (wake.kind === 'exit') return wake.code
        }
      },
    }
    const before = machine(viewing)
    before.session.enter('ping', 1)
    for (const event of ['seen', 'seen', 'told', 'seen']) before.tell(100, event)
    expect(before.take()).toEqual(['1: seen', '1: seen', '1: {"kind":"event","event":"told"}', '1: seen'])
    expect(before.session.save().running?.log).toHaveLength(2)
    const after = before.putAway()
    after.tell(100, 'seen')
    after.end(100, 3)
    expect(after.take()).toEqual(['1: seen', '1: {"kind":"exit","code":3}', '1 ends 3'])
  })

  it('within the budget goes on however much was said', () => {
    const before = machine()
    before.session.enter('ping {}', 1)
    for (let i = 0; i < 10_000; i++) before.tell(100, { sequence: i })
    const after = before.putAway()
    after.end(100, 0)
    expect(after.take()).toEqual(['1 ends 0'])
  })
})
