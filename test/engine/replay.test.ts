// A lab may be put to sleep between any two events, in the middle of a command. Each line here is run twice: straight on, and
// stored and opened again after every event. What the terminal shows and what the lab is afterwards must be the same.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/index.ts'
import type { StoredLab } from '../../durable/engine/lab/lab-api.ts'
import { NEVER } from '../../durable/engine/sim/time.ts'
import { openRuntime, shells } from '../../durable/runtime.ts'

const yaml = readFileSync('labs/default-switch/lab.yaml', 'utf8')
const SEED = 1
const COMMAND = 1_000
const MOST_EVENTS = 20_000

const parsed = parseDefinition(yaml)
if (!parsed.ok) throw new Error('the lab has a mistake')
const { definition } = parsed

/** The first lab as a student finds it, after what has to be typed before the line that is tried. */
function begun(before: readonly string[] = []): StoredLab {
  const opened = openRuntime(yaml, SEED)
  if (!opened.ok) throw new Error('the lab has a mistake')
  for (const [i, step] of before.entries()) {
    const [console, line] = split(step)
    if (console === '@unplug') opened.lab.hand({ action: 'unplug', link: line }, i + 1)
    else expect(opened.lab.exec(console, line, i + 1).status, step).toBe('done')
  }
  opened.lab.takeOutput()
  return stored(opened.lab.save())
}

const split = (step: string): [console: string, line: string] => {
  const at = step.indexOf('> ')
  return [step.slice(0, at), step.slice(at + 2)]
}
/** As rows come back from a table: nothing of the lab that wrote them is shared. */
const stored = (state: StoredLab): StoredLab => JSON.parse(JSON.stringify(state)) as StoredLab
const open = (state: StoredLab): Lab => new Lab(definition, SEED, shells, stored(state), { slots: 1024, bytes: 1 << 18 })

type Seen = { readonly text: string; readonly status: number | null; readonly rows: Map<string, string>; readonly events: number }
type Way = {
  /** Whether the lab is stored and opened again before the event with this number. */
  sleeps(event: number): boolean
  /** Ctrl-C comes before the event with this number. */
  readonly interruptAt?: number
}

/** Types a line and runs events until it has ended and the lab has settled. */
function run(from: StoredLab, step: string, way: Way): Seen {
  const [console, line] = split(step)
  let lab = open(from)
  let text = ''
  let status: number | null = null
  const take = () => {
    for (const one of lab.takeOutput()) {
      text += one.text
      if (one.command === COMMAND && one.ended !== null) status = one.ended.exitStatus
    }
  }
  const session = () => {
    const found = lab.parts.machines.get(console)?.session(console)
    if (found === undefined) throw new Error(`there is no terminal on ${console}`)
    return found
  }
  session().enter(line, COMMAND)
  let events = 0
  for (;;) {
    take()
    if (way.sleeps(events)) {
      lab = open(lab.save())
      // What was printed before the sleep is in the scrollback already.
      expect(lab.takeOutput(), `${step}: printed again after ${events} events`).toEqual([])
    }
    if (events === way.interruptAt) {
      lab.interrupt(console)
      take()
    }
    const { sim } = lab.parts
    if (!session().busy && sim.transientAt() === NEVER) break
    if (events++ > MOST_EVENTS || !sim.step()) throw new Error(`${step} does not end`)
  }
  const state = lab.save()
  const rows = new Map(state.parts.map(({ name, data }) => [name, data]))
  rows.set('clock', JSON.stringify({ ...state.clock, numbers: sorted(state.clock.numbers) }))
  return { text, status, rows, events }
}

const sorted = (numbers: { readonly [part: string]: number }) => Object.entries(numbers).sort((a, b) => (a[0] < b[0] ? -1 : 1))

const always: Way = { sleeps: () => true }
const never: Way = { sleeps: () => false }

function same(from: StoredLab, step: string, interruptAt?: number): Seen {
  const straight = run(from, step, { ...never, interruptAt })
  const slept = run(from, step, { ...always, interruptAt })
  expect(slept.text).toBe(straight.text)
  expect(slept.status).toBe(straight.status)
  expect([...slept.rows.keys()].sort()).toEqual([...straight.rows.keys()].sort())
  for (const [name, data] of straight.rows) expect(slept.rows.get(name), name).toBe(data)
  return straight
}

const start = begun()

const lines: readonly (readonly [step: string, shows: RegExp])[] = [
  ['pc> ping -n 4 www.example.com', /Packets: Sent = 4, Received = 4/],
  ['pc> ping ubuntu1.mshome.net', /Reply from/],
  ['pc> ping -n 2 -w 500 192.168.3.99', /Destination host unreachable|Request timed out/],
  ['pc> nslookup www.example.com', /192\.0\.2\.80/],
  ['win1> nslookup -vc www.example.co.jp', /Unspecified error/],
  ['pc> tracert www.example.com', /Trace complete/],
  ['win1> tracert -d www.example.com', /Trace complete/],
  ['win1> ipconfig /renew', /IPv4 Address/],
  ['win1> ipconfig /release', /Windows IP Configuration/],
  ['pc> ipconfig /all', /Default Switch/],
  ['pc> netstat -anb | Select-String -Context 0,2 ":53 |:67 |:68 "', /SharedAccess/],
  ['pc> rasdial "Campus VPN"', /Command completed successfully/],
  ['pc> netsh wlan connect name="HomeNet"; ping -n 1 www.example.com', /completed successfully[\s\S]*Reply from/],
  ['pc> ping -4 -n 3 www.example.com | Select-String TTL', /Reply from/],
  ['pc> ping -4 -n 4 www.example.com | Select-String TTL | Select-Object -First 1', /^\s*Reply from[^\n]*\s*$/],
  ['pc> (ping -n 2 www.example.com | sls "Reply").Count', /2/],
  ['pc> 1..3 | % { Start-Sleep 1; ping -n 1 192.168.3.1 | sls Reply }', /Reply from/],
  ['pc> $a = ping -n 2 192.168.3.1; "between"; $a[2]', /between\nReply from/],
  ['pc> Start-Sleep -Seconds 3; Get-Date', /20\d\d/],
  ['pc> foreach ($n in 1,2) { "round $n"; Start-Sleep -Milliseconds 700 }', /round 1\nround 2/],
  ['pc> Test-NetConnection www.example.com -Port 81', /TcpTestSucceeded/],
  ['pc> Test-Connection www.example.com -Count 2', /2001:db8:2::80/],
  ['pc> Resolve-DnsName www.example.com; Clear-DnsClientCache; Resolve-DnsName www.example.com', /192\.0\.2\.80/],
  ['pc> Get-HnsNetwork | ConvertTo-Json -Depth 4', /172\./],
  ['pc> Stop-VM win1 -Force; Start-VM win1; Get-VM win1', /win1/],
  ['pc> Restart-Computer -Force', /has restarted/],
  ['ubuntu1> ping -c 5 www.example.com | grep ttl', /ttl=/],
  ['ubuntu1> ping -c 4 www.example.com | grep ttl | head -n 2', /icmp_seq=1[\s\S]*icmp_seq=2/],
  ['ubuntu1> ping -c 2 www.example.com && ping -c 1 nosuch.example || echo no', /no\n$/],
  ['ubuntu1> ping -c 3 -i 0.2 ubuntu2.mshome.net > /tmp/out; tail -n 2 /tmp/out', /rtt min/],
  ['ubuntu1> a=$(dig +short www.example.com); ping -c 1 $a', /1 received/],
  ['ubuntu1> for_me=1; sleep 2; echo $for_me', /^1\n$/],
  ['ubuntu1> traceroute -n www.example.com', /192\.0\.2\.80/],
  ['ubuntu1> dig +tcp www.example.com', /communications error|connection refused/],
  ['ubuntu1> dig www.example.com; nslookup www.example.co.jp; host www.example.com', /NOERROR/],
  ['ubuntu1> getent hosts www.example.com | cut -d " " -f 1', /2/],
  ['ubuntu1> sudo networkctl renew eth0; ip -br address', /172\./],
  ['ubuntu1> sudo dhclient -r eth0; sudo dhclient eth0; ip -br a', /172\./],
  ['ubuntu1> sudo arping -c 2 -I eth0 ubuntu2.mshome.net; arp', /Gateway|mshome|172\./i],
  ['ubuntu1> sudo ip link set eth0 down; ping -c 1 www.example.com; sudo ip link set eth0 up; sleep 3; ip route', /default/],
  ['ubuntu1> sudo reboot', /restarted/],
  ['desk> ping -c 2 -W 1 172.31.255.250', /0 received/],
]

describe('a line that sleeps at every event shows what it shows without', () => {
  it.each(lines)('%s', (step, shows) => {
    const seen = same(start, step)
    expect(seen.text).toMatch(shows)
  })
})

/** A line, events before which Ctrl-C is typed, and what the terminal shows then. */
const interrupted: readonly (readonly [step: string, at: readonly number[], shows: RegExp])[] = [
  ['pc> ping -t 192.168.3.1; "after"', [0, 1, 7, 29, 60], /Control-C\n\^C\n$/],
  ['pc> ping -t 192.168.3.1 | Select-String Reply; "after"', [0, 1, 7, 29, 60], /\^C\n$/],
  ['pc> $a = ping -t 192.168.3.1; "after"', [7, 29], /^\^C\n$/],
  ['pc> 1..9 | % { ping -n 3 192.168.3.1 } | Select-String Reply | Select-Object -First 20', [7, 29, 60], /\^C\n$/],
  ['pc> tracert www.example.com', [0, 29, 90, 120], /\^C\n$/],
  ['pc> nslookup www.example.com; "after"', [0, 5, 40], /\^C\n$/],
  ['pc> Test-NetConnection www.example.com', [0, 60], /\^C\n$/],
  ['pc> rasdial "Campus VPN"', [5, 60], /\^C\n$/],
  ['pc> Start-Sleep 100; "after"', [0, 1], /^\^C\n$/],
  ['pc> 1..9 | % { Start-Sleep 1; $_ }', [0, 1, 6], /\^C\n$/],
  ['win1> ipconfig /renew', [0, 1, 7], /\^C\n$/],
  ['ubuntu1> ping www.example.com; echo $?', [1, 7, 29, 60], /^$/],
  ['ubuntu1> ping www.example.com', [90, 150], /packets transmitted/],
  ['ubuntu1> ping www.example.com | grep ttl', [7, 90, 150], /ttl=|^$/],
  ['ubuntu1> ping www.example.com | grep ttl | head -n 3; echo after', [1, 60, 90], /^(?![\s\S]*after)/],
  // ping takes Ctrl-C and ends well, so bash goes on.
  ['ubuntu1> a=$(ping www.example.com); echo "[$a]"', [90], /^\[PING[\s\S]*transmitted/],
  ['ubuntu1> sleep 100; echo after', [0, 1], /^$/],
  ['ubuntu1> traceroute www.example.com | tail -n 1', [7, 60, 120], /^(?![\s\S]*192\.0\.2\.80)/],
]

describe('so does a line that Ctrl-C ends', () => {
  const cases = interrupted.flatMap(([step, at, shows]) => at.map((event) => [step, event, shows] as const))
  it.each(cases)('%s, before event %i', (step, event, shows) => {
    const seen = same(start, step, event)
    expect(seen.text).toMatch(shows)
    if (/\^C\n$/.test(seen.text)) expect(seen.status).toBe(1)
  })
})

describe('a lab that is not quiet', () => {
  it('goes on after a sleep in the middle of a guest without a server', () => {
    const from = begun(['@unplug> pc-cable'])
    const seen = same(from, 'ubuntu1> ping -c 2 www.example.com')
    expect(seen.text).toMatch(/Temporary failure|not known|Unreachable/)
  })

  it('goes on on the way of a computer from one network to another', () => {
    const from = begun(['@unplug> pc-cable', 'pc> netsh wlan connect name="Cafe"', 'pc> rasdial "Campus VPN"'])
    const seen = same(from, 'ubuntu1> ping -c 2 intranet.campus.example')
    expect(seen.text).toContain('2 received')
  })
})
