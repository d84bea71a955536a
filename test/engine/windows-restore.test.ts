// Windows networking put away and restored in the middle of everything: portproxy, shares, the firewall's log, Packet Monitor.
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { type Act, LabWalk } from '../../durable/engine/test-support/lab-walk.ts'
import { shells } from '../../durable/runtime.ts'

const yaml = readFileSync(new URL('../../labs/default-switch/lab.yaml', import.meta.url), 'utf8').replace(
  "    adapters: { eth0: { mac: '00:15:5d:03:32:00' } }\n",
  "    adapters: { eth0: { mac: '00:15:5d:03:32:00' } }\n    http: { port: 80 }\n",
)

const pc = (at: number, line: string): Act => ({ at, console: 'pc', line })
const SCRIPT: readonly Act[] = [
  pc(0.1, 'pktmon start -c --pkt-size 64'),
  pc(0.2, 'Set-NetFirewallProfile -All -LogBlocked True -LogAllowed True'),
  pc(0.3, "Set-Content C:\\Data\\hello.txt 'hello'; net share Data=C:\\Data"),
  pc(0.4, '$a = (Resolve-DnsName ubuntu1.mshome.net -Type A).IPAddress; netsh interface portproxy add v4tov4 8080 $a 80'),
  { at: 3, console: 'desk', line: 'curl -s -m 1 http://192.168.3.50:8080/' },
  pc(5, 'New-NetFirewallRule -DisplayName Web -Protocol TCP -LocalPort 8080 -Profile Public,Private | Out-Null'),
  pc(5.1, "Enable-NetFirewallRule -DisplayGroup 'File and Printer Sharing'"),
  { at: 6, console: 'desk', line: 'curl -s http://192.168.3.50:8080/10MiB | head -c 300000 | wc -c' },
  { at: 6, console: 'win1', line: 'dir \\\\LABHOST.mshome.net\\Data' },
  { at: 6.001, console: 'win1:2', line: 'net use Z: \\\\LABHOST.mshome.net\\Data' },
  pc(9, 'Add-DnsClientNrptRule -Namespace .example.com -NameServers 198.51.100.53; Resolve-DnsName www.example.com'),
  pc(
    11,
    'New-NetFirewallRule -DisplayName Out -Direction Outbound -Protocol ICMPv4 -Action Block | Out-Null; ping -n 1 192.168.3.1',
  ),
  pc(14, 'pktmon stop; Get-Content C:\\Windows\\System32\\LogFiles\\Firewall\\pfirewall.log; netstat -an'),
]

it.each([61, 23])('after every %i events: the same frames, texts and rows', { timeout: 240_000 }, (every) => {
  const parsed = parseDefinition(yaml)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const straight = new LabWalk(parsed.definition, 5, shells).play(SCRIPT, 20)
  const broken = new LabWalk(parsed.definition, 5, shells).play(SCRIPT, 20, every)
  expect(straight.texts.get('win1')).toContain('hello.txt')
  expect(straight.texts.get('desk')).toContain('300000')
  expect(broken.restored).toBeGreaterThan(10)
  const first = straight.frames.findIndex((line, at) => line !== broken.frames[at])
  expect(broken.frames.slice(first < 0 ? 0 : first, first + 3)).toEqual(straight.frames.slice(first < 0 ? 0 : first, first + 3))
  expect(Object.fromEntries(broken.texts)).toEqual(Object.fromEntries(straight.texts))
  expect(broken.rows()).toEqual(straight.rows())
})
