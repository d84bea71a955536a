// Time, history and explanations of the canned lab: enough state that what is asked for is seen to happen.
import type {
  AdvanceAnswer,
  AdvanceRequest,
  Causes,
  ClockChange,
  ClockState,
  Explanation,
  History,
  HistoryLine,
  QueryAnswer,
  ReplayReport,
} from '../../../durable/protocol.ts'
import { packets } from './canned-lab.ts'

const SECOND = 1_000_000
const MINUTE = 60 * SECOND
const DAY = 86_400 * SECOND

/** Monday, nine o'clock, where the lab is. */
export const starts = { epochMicros: Date.parse('2026-09-14T09:00:00+02:00') * 1_000, zoneMinutes: 120 }

const line = (id: number, by: string, at: number, text: string, more: Partial<HistoryLine> = {}): HistoryLine => ({
  id,
  branch: 1,
  kind: 'exec',
  console: 'ubuntu1',
  line: text,
  by,
  at,
  endedAt: at + 31_000,
  wall: Date.now() - (20 - id) * 47_000,
  exitStatus: 0,
  current: true,
  snapshot: null,
  ...more,
})

const sam = 'Sam Student'
const ines = 'Ines Student'
const left = { current: false }
const firstLines: readonly HistoryLine[] = [
  line(1, sam, 4 * SECOND, 'Get-VMSwitch', { console: 'pc' }),
  line(2, sam, 9 * SECOND, 'ip neigh'),
  line(3, ines, 9 * SECOND, 'ping -c 3 www.example.com', { endedAt: 11 * SECOND, snapshot: 'Everything works' }),
  line(4, sam, 12 * SECOND, 'unplug pc-cable', { kind: 'hand', console: '', ...left }),
  line(5, sam, 12 * SECOND, 'ping -c 3 www.example.com', { endedAt: 26 * SECOND, exitStatus: 2, ...left }),
  line(6, sam, 11 * SECOND, 'rewind to line 3', { kind: 'rewind', console: '', branch: 2 }),
  line(7, ines, 12 * SECOND, 'Resolve-DnsName www.example.com', { console: 'pc', branch: 2 }),
  line(8, sam, 12 * SECOND, 'advance by 1 h', { kind: 'advance', console: '', endedAt: 3_612 * SECOND, branch: 2 }),
  line(9, sam, 3_612 * SECOND, 'Test-NetConnection www.example.com -Port 81', { console: 'pc', exitStatus: 1, branch: 2 }),
]

export type CannedTime = ReturnType<typeof cannedTime>

/** One lab's time for one browser. */
export function cannedTime() {
  let clock: ClockState = {
    mode: 'instant',
    running: false,
    speed: 1,
    absence: 'frozen',
    now: 3_612_345_678,
    next: {
      event: 3_614 * SECOND,
      'lease-renewal': 4 * DAY,
      'lease-expiry': 8 * DAY,
      'arp-expiry': 3_612 * SECOND + 27 * SECOND,
      'nat-expiry': 3_612 * SECOND + 4 * MINUTE,
      'dns-expiry': null,
    },
  }
  let lines = [...firstLines]
  let branch = 2
  const branches: History['branches'] = [{ id: 2, parent: 1, after: 3, line: 6 }]
  const snapshots: History['snapshots'] = [
    { name: 'Everything works', line: 3, at: 11 * SECOND, automatic: false, bytes: 41_000 },
    { name: 'auto-7', line: 7, at: 12 * SECOND, automatic: true, bytes: 42_000 },
  ]
  const add = (kind: string, text: string, more: Partial<HistoryLine> = {}) => {
    lines.push(line(lines.length + 1, sam, clock.now, text, { kind, console: '', branch, ...more }))
  }

  return {
    clock: () => clock,
    change(change: ClockChange): ClockState {
      clock = { ...clock, ...change }
      if (change.mode === 'instant') clock = { ...clock, running: false }
      return clock
    },
    advance(request: AdvanceRequest): AdvanceAnswer {
      const startedAt = clock.now
      const by = 'by' in request ? request.by : 'to' in request ? (clock.next[request.to] ?? startedAt) - startedAt : 1_337
      clock = { ...clock, now: startedAt + by }
      add('step' in request ? 'step' : 'advance', 'step' in request ? `step ${request.step}` : `advance by ${by / SECOND} s`, {
        at: startedAt,
        endedAt: clock.now,
      })
      return { startedAt, endedAt: clock.now, reached: true, packets: [1, 2], unsettled: [], line: lines.length }
    },
    history: (after: number, limit: number): History => ({
      lines: lines.filter((one) => one.id > after).slice(0, limit),
      branch,
      branches,
      snapshots,
    }),
    snapshot(name: string): History {
      snapshots.push({ name, line: lines.length, at: clock.now, automatic: false, bytes: 40_000 })
      lines = lines.map((one) => (one.id === lines.length ? { ...one, snapshot: name } : one))
      return this.history(0, 200)
    },
    back(to: number, kind: 'rewind' | 'undo'): History {
      const leaves = (one: HistoryLine) => (kind === 'rewind' ? one.id > to : one.id === to)
      lines = lines.map((one) => (leaves(one) ? { ...one, current: false } : one))
      const parent = lines.find((one) => one.id === to)?.branch ?? 1
      branches.push({ id: ++branch, parent, after: kind === 'rewind' ? to : to - 1, line: lines.length + 1 })
      clock = { ...clock, now: lines.find((one) => one.id === to)?.endedAt ?? 0 }
      add(kind, kind === 'rewind' ? `rewind to line ${to}` : `undo line ${to}`)
      return this.history(0, 200)
    },
  }
}

export function explanation(packet: number, path: boolean): Explanation {
  const dropped = packets.find((one) => one.packet === packet)?.verdict === 'firewall'
  const way: Explanation['sentences'] = path
    ? [
        { text: 'The program ping in ubuntu1 wrote 64 bytes to a raw socket.' },
        { text: 'The guest’s IP stack chose eth0 and put the frame into the ring of its network VSC.' },
        { text: 'VMBus carried it to the VSP in the parent partition, which handed it to port 1 of the Default Switch.' },
      ]
    : []
  if (dropped) {
    return {
      packet,
      title: 'The ping from 192.168.3.77 to 172.27.163.10',
      outcome: 'dropped',
      sentences: [
        { text: 'desk sent an echo request for 172.27.163.10, an address behind pc.', bytes: { from: 30, to: 34 } },
        { text: 'It arrived at the adapter Ethernet of pc, whose MAC address it names.', bytes: { from: 0, to: 6 } },
        {
          text: 'It is ICMP type 8; the rule “Core Networking – echo request in” is off in the profile Private.',
          bytes: { from: 34, to: 35 },
          table: { machine: 'pc', table: 'firewall', row: 'Core Networking - Echo Request In' },
        },
        {
          text: 'An earlier request from inside went out by the same adapter.',
          packet: 11,
          sequence: 8,
          bytes: { from: 30, to: 34 },
        },
      ],
    }
  }
  return {
    packet,
    title: 'The ping from 172.27.163.10 to 192.0.2.80',
    outcome: 'answered',
    sentences: [
      { text: 'Line 3, ping -c 3 www.example.com on ubuntu1, started it.' },
      ...way,
      { text: 'The NAT of pc wrote its outside address over the source.', bytes: { from: 26, to: 30 } },
    ],
  }
}

export const causes: Causes = {
  command: 9,
  healthy: false,
  causes: [
    {
      kind: 'filtered',
      machine: 'www',
      text: 'Nothing listens on TCP port 81. It answered with a reset, which Test-NetConnection shows as a failure.',
      packets: [21, 22],
    },
    {
      kind: 'slow',
      machine: 'pc',
      text: 'The name was looked up first; that took 38 ms and was not the reason.',
      packets: [3, 4],
    },
  ],
}

export const firewallTable = {
  machine: 'pc',
  table: 'firewall',
  columns: ['Rule', 'Direction', 'Profile', 'Action', 'Enabled'],
  rows: [
    ['Core Networking - DHCP', 'In', 'Any', 'Allow', 'True'],
    ['Core Networking - Echo Request In', 'In', 'Private', 'Allow', 'False'],
    ['Hyper-V - Default Switch', 'In', 'Any', 'Allow', 'True'],
  ],
}

const apart = (bytes: string) => `${bytes.slice(0, 44)}3f${bytes.slice(46)}`
export const replay = (same: boolean): ReplayReport => ({
  from: 0,
  lines: 9,
  same,
  engine: { recorded: 1, now: same ? 1 : 2 },
  difference: same
    ? null
    : {
        line: 3,
        what: 'a packet has other bytes',
        recorded: '',
        again: '',
        recordedPacket: packets[7],
        againPacket: { ...packets[7], bytes: apart(packets[7].bytes) },
      },
})

export const queryAnswer: QueryAnswer = {
  holds: false,
  why: 'One packet of type 8 came in from outside at 12.0254 s, 20 ms after the ping of line 3 had ended.',
  packets: [31],
  commands: [3],
}
