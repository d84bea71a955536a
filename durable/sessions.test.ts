import { describe, expect, it } from 'vitest'
import { ada, bob, Client, command, expectOk, newLab } from './test-support.ts'

const pinging = 'ping -n 1 192.168.3.1'

describe('a socket', () => {
  it('is welcomed with everything, and has packets as far as its credit goes', async () => {
    const lab = await newLab()
    expectOk(await lab.exec(command('desk', pinging), ada))
    const client = await Client.connect(lab, bob)
    client.send({ type: 'hello', packetsAfter: -1, visible: true })
    const welcome = await client.next('welcome')
    expect(welcome).toMatchObject({ you: 'person-bob', title: 'Two rooms', resumed: false })
    expect(welcome.people).toEqual([{ id: 'person-bob', name: 'Bob', role: 'teacher', console: null, typing: false }])
    expect(welcome.consoles.find((one) => one.console === 'desk')?.scrollback).toContain(pinging)
    const { packets } = expectOk(await lab.packets({ after: -1, limit: 200 }))
    expect((await client.next('packets')).packets).toEqual(packets)
  })

  it('survives the sleep of the object and goes on where it was', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    one.send({ type: 'focus', console: 'desk', draft: '' })
    const seen = await two.next('packets')
    await lab.evict()
    one.send({ type: 'exec', console: 'desk', line: pinging, clientId: 'socket-command-1' })
    const output = await two.next('output')
    expect(output).toMatchObject({ console: 'desk', by: 'person-ada' })
    expect(output.text).toContain(pinging)
    expect((await one.next('answer')).answer).toMatchObject({ status: 'done', exitStatus: 0 })
    expect((await two.next('packets')).packets[0].sequence).toBe(seen.next + 1)
    await lab.evict()
    two.send('ping')
    while (two.raw.length === 0) await two.something()
    expect(two.raw).toEqual(['pong'])
  })

  it('resumes after what it saw', async () => {
    const lab = await newLab()
    const { next } = expectOk(await lab.packets({ after: -1, limit: 500 }))
    const client = await Client.connect(lab, ada)
    client.send({ type: 'hello', packetsAfter: next, visible: true })
    expect(await client.next('welcome')).toMatchObject({ resumed: true })
    expectOk(await lab.exec(command('desk', pinging), ada))
    expect((await client.next('packets')).packets[0].sequence).toBe(next + 1)
  })

  it('gets an error for a bad message and stays open', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, ada)
    for (const bad of [
      '',
      'nonsense',
      '[]',
      '{"type":"no"}',
      '{"type":"exec","console":"desk"}',
      `{"type":"${'x'.repeat(70_000)}"}`,
    ]) {
      client.send(bad)
      expect(await client.next('error')).toMatchObject({ code: 'bad-message' })
    }
    client.send({ type: 'exec', console: 'nobody', line: 'x', clientId: 'for-nobody' })
    expect(await client.next('error')).toMatchObject({ code: 'no-console', clientId: 'for-nobody' })
    client.send({ type: 'complete', console: 'desk', line: 'p', request: 4 })
    expect(await client.next('completion')).toMatchObject({ request: 4 })
    expect(client.closed).toBeUndefined()
  })

  it('is closed with the code it was closed with', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    await one.next('people', ({ people }) => people.length === 2)
    two.close(4001, 'bye')
    while (!two.closed) await two.something()
    expect(two.closed).toEqual({ code: 4001, reason: 'bye' })
    const three = await Client.join(lab, bob)
    three.close()
    while (!three.closed) await three.something()
    expect(three.closed.code).toBe(1000)
    expect(await one.next('people')).toMatchObject({ people: [{ name: 'Ada' }] })
  })

  it('is closed for good when the person is signed out, and for nobody else', async () => {
    const lab = await newLab()
    const [one, again, two] = [await Client.join(lab, ada), await Client.join(lab, ada), await Client.join(lab, bob)]
    await two.next('people', ({ people }) => people.length === 2)
    await lab.evict()
    expectOk(await lab.disconnect(ada.personId))
    one.send({ type: 'exec', console: 'desk', line: 'echo late', clientId: 'too-late-1' })
    for (const gone of [one, again]) {
      while (!gone.closed) await gone.something()
      expect(gone.closed).toEqual({ code: 1008, reason: 'signed out' })
    }
    expect(await two.next('people')).toMatchObject({ people: [{ name: 'Bob' }] })
    two.send({ type: 'exec', console: 'desk', line: 'echo here', clientId: 'still-here' })
    await two.next('answer')
    expect(expectOk(await lab.journal({ after: 0, limit: 5 })).map(({ line }) => line)).toEqual(['echo here'])
  })

  it('has its credit respected', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, ada)
    for (let i = 0; i < 6; i++) expectOk(await lab.exec(command('desk', pinging), bob))
    expect((await client.settle()).filter(({ type }) => type === 'packets')).toHaveLength(4)
    client.send({ type: 'credit', batches: 1 })
    const { next } = await client.next('packets')
    expect(next).toBe(expectOk(await lab.packets({ after: -1, limit: 500 })).next)
  })
})

describe('two people', () => {
  it('see the same text in the same order', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    for (let i = 0; i < 5; i++) {
      one.send({ type: 'exec', console: 'desk', line: `echo a${i}`, clientId: `from-one-${i}` })
      two.send({ type: 'exec', console: 'ubuntu-1', line: `echo b${i}`, clientId: `from-two-${i}` })
    }
    await one.next('answer', (message) => message.clientId === 'from-one-4')
    await two.next('answer', (message) => message.clientId === 'from-two-4')
    const texts = async (client: Client) => (await client.settle()).filter(({ type }) => type === 'output')
    const [first, second] = [await texts(one), await texts(two)]
    expect(first).toHaveLength(10)
    expect(second).toEqual(first)
  })

  it('type one at a time', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    one.send({ type: 'focus', console: 'desk', draft: 'ipc' })
    expect(await two.next('console')).toMatchObject({ state: { console: 'desk', typist: 'person-ada' }, draft: 'ipc' })
    two.send({ type: 'exec', console: 'desk', line: 'echo no', clientId: 'refused-one' })
    expect(await two.next('error')).toMatchObject({ code: 'typing', message: 'Ada is typing.', clientId: 'refused-one' })
    two.send({ type: 'focus', console: 'desk', draft: 'x' })
    expect(await two.next('error')).toMatchObject({ code: 'typing' })
    await lab.evict()
    one.send({ type: 'exec', console: 'desk', line: 'echo mine', clientId: 'allowed-one' })
    await one.next('answer')
    one.send({ type: 'terminal', console: 'desk', act: 'let-go' })
    await two.next('console', ({ state }) => state.owner === null)
    two.send({ type: 'exec', console: 'desk', line: 'echo yes', clientId: 'refused-one' })
    expect((await two.next('answer')).answer.output).toBe('yes\n')
  })

  it('hear when a job ends, whoever ended it', async () => {
    const lab = await newLab()
    const [one, two] = [await Client.join(lab, ada), await Client.join(lab, bob)]
    one.send({ type: 'exec', console: 'desk', line: 'ping -t 192.168.3.1', clientId: 'parked-one' })
    expect((await one.next('answer')).answer.status).toBe('running')
    two.send({ type: 'interrupt', console: 'desk' })
    expect(await two.next('error')).toMatchObject({ code: 'terminal-taken' })
    two.send({ type: 'terminal', console: 'desk', act: 'take-over' })
    two.send({ type: 'interrupt', console: 'desk' })
    expect(await one.next('answer')).toMatchObject({ clientId: 'parked-one', answer: { status: 'done' } })
    const mine = (await one.settle()).filter(({ type }) => type === 'output')
    const theirs = (await two.settle()).filter(({ type }) => type === 'output')
    expect(theirs).toEqual(mine)
  })

  it('are told of a reset, and of a link that was pulled', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, ada)
    client.send({ type: 'hand', action: { action: 'unplug', link: 'desk-ethernet-home' } })
    await client.next('topology')
    expectOk(await lab.exec(command('desk', 'echo before'), bob))
    await client.settle()
    expectOk(await lab.reset(bob))
    await client.next('reset')
    const welcome = await client.next('welcome')
    expect(welcome.consoles.map((one) => one.scrollback).join('')).toBe('')
    expect((await client.next('packets')).packets[0].sequence).toBe(0)
  })

  it('see the clock after whatever anybody did', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, bob)
    const { clock: before } = await client.next('clock')
    const { endedAt } = expectOk(await lab.exec(command('desk', pinging), ada))
    const { clock } = await client.next('clock')
    expect(clock.now).toBeGreaterThan(before.now)
    expect(clock.now).toBe(endedAt)
    expectOk(await lab.advance({ by: 1_000_000 }, ada))
    const clocks = (await client.settle()).flatMap((one) => (one.type === 'clock' ? [one.clock.now] : []))
    expect(clocks).toEqual([endedAt + 1_000_000])
  })

  it('are told after a rewind what they were told before it', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, ada)
    const pull = () => client.send({ type: 'hand', action: { action: 'unplug', link: 'desk-ethernet-home' } })
    type Told = { readonly topology: { readonly links: readonly { readonly name: string; readonly up: boolean }[] } }
    const isOut = ({ topology }: Told) => topology.links.some(({ name, up }) => name === 'desk-ethernet-home' && !up)
    const waits = () => lab.exec(command('ubuntu-1', 'ping 192.168.3.1'), ada)
    pull()
    await client.next('topology', isOut)
    expectOk(await waits())
    await client.next('console', ({ state }) => state.console === 'ubuntu-1' && state.busy)

    expectOk(await lab.rewind({ line: 0 }, ada))
    const { consoles } = await client.next('welcome', (one) => !isOut(one))
    expect(consoles.every(({ busy }) => !busy)).toBe(true)
    await client.settle()
    pull()
    expectOk(await waits())
    const told = await client.settle()
    expect(told.filter((one) => one.type === 'topology' && isOut(one))).toHaveLength(1)
    expect(told.filter((one) => one.type === 'console' && one.state.busy)).toHaveLength(1)
  })

  it('may only look when they are observers', async () => {
    const lab = await newLab()
    const client = await Client.join(lab, { personId: 'person-eve', name: 'Eve', role: 'observer' })
    client.send({ type: 'exec', console: 'desk', line: 'ipconfig', clientId: 'observer-1' })
    expect(await client.next('error')).toMatchObject({ code: 'not-allowed', clientId: 'observer-1' })
    expect(expectOk(await lab.journal({ after: 0, limit: 5 }))).toEqual([])
  })
})
