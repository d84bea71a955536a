// Random labs and random sessions in them, from a seed that is printed when something differs.
import { parseDefinition } from '../../durable/definition/parse.ts'
import type { LabDefinition } from '../../durable/engine/lab/definition.ts'
import type { Operation } from '../../durable/engine/lab/lab-api.ts'
import { RandomStream } from '../../durable/engine/sim/random.ts'
import { MINUTE, SECOND } from '../../durable/engine/sim/time.ts'
import yaml from '../../labs/default-switch/lab.yaml'

const parsed = parseDefinition(yaml)
if (!parsed.ok) throw new Error('the first lab does not parse')
const whole = parsed.definition

/** The first lab with other delays, other ways to stop, and now and then a mechanism off or a guest that does not run. */
export function randomLab(seed: number): LabDefinition {
  const random = new RandomStream(seed, 'lab')
  const machines = whole.machines.map((machine) => {
    if (machine.hyperV === null) return machine
    const defaultSwitch = {
      ...machine.hyperV.defaultSwitch,
      dhcp: random.below(8) > 0,
      dns: random.below(8) > 0,
      nat: random.below(8) > 0,
    }
    const stops = ['Save', 'ShutDown', 'TurnOff'] as const
    const vms = machine.hyperV.vms.map((vm) => ({
      ...vm,
      running: random.below(5) > 0,
      automaticStop: stops[random.below(3)] as (typeof stops)[number],
    }))
    return { ...machine, hyperV: { defaultSwitch, vms } }
  })
  const cables = whole.cables.map((cable) => ({ ...cable, latency: 1 + random.below(10_000) }))
  return { ...whole, machines, cables }
}

const LINUX = ['ubuntu1', 'ubuntu2', 'desk'] as const
const WINDOWS = ['pc', 'win1'] as const
const HOSTS = [
  'www.example.com',
  '192.168.3.1',
  '192.168.3.51',
  'ubuntu2',
  'ubuntu1.mshome.net',
  '192.0.2.80',
  'nosuch.example',
  '10.1.2.3',
  '192.168.3.99',
] as const
const CABLES = ['pc-cable', 'desk-cable', 'home-ap-cable', 'pc/vmbus/ubuntu1'] as const

/** Lines as people and scripts type them; `{h}` is a host. */
const BASH = [
  'ip address',
  'ip neigh',
  'netstat -r',
  'arp',
  'ping -c 2 {h}',
  'ping -c 1 {h} && ip -br address',
  'ping {h}',
  'nslookup {h}',
  'dig {h}',
  'dig +tcp {h}',
  'traceroute -m 4 {h}',
  'sudo dhclient -v eth0',
  'sudo networkctl renew eth0',
  'x=1; echo "$x" && ping -c 1 {h} | grep ttl',
  'echo a > /tmp/a; cat /tmp/a',
  'ping -c 3 {h} | tail -n 2',
  'sleep 3; ip -s link',
  'sudo reboot',
  'resolvectl query {h}',
  'getent hosts {h}',
  'sudo ip neigh flush dev eth0',
  'nosuch -x',
  'for i in 1 2 3; do ping -c 1 {h}; done',
  'f() { local n=$1; ping -c "$n" {h} | tail -n 1; return 3; }; f 1; echo $?',
  'f 2; type -t f; alias g=grep; g -c . /etc/hosts',
  'n=$((n + 1)); echo "n=$n" >> /tmp/log; tail -n 2 /tmp/log; cd /tmp',
  'sleep 20 & jobs; echo $!',
  'ping -c 5 {h} > /tmp/out & sleep 2; cat /tmp/out; jobs',
  'wait; jobs',
  'kill %1; fg',
  'while read a b; do echo "$b $a"; done < /etc/hosts',
  'x=$(ping -c 1 {h} | grep -c ttl); if [ "$x" = 1 ]; then echo up; else echo down; fi',
  'timeout 3 ping {h} | while read l; do echo "$l" | cut -c1-20; done',
  'sudo timeout 5 tcpdump -n -c 2 -i eth0 | grep -i arp',
  'tail -f /tmp/log & ping -c 1 {h}',
  'trap "echo bye" EXIT; set -o pipefail; false | true; echo $?; history | tail -n 2',
  'read a; echo "got $a"; until [ -e /tmp/log ]; do read b || break; done',
  'cat > /tmp/typed; wc -l /tmp/typed',
  '(sleep 3; echo slept) & ping -c 1 {h}; wait',
  'cat <<E | tr a-z A-Z\nhello {h}\n$(hostname)\nE',
  'mkdir -p /tmp/d/e; touch /tmp/d/f; ls -lR /tmp/d; rm -r /tmp/d',
  'echo $RANDOM $SECONDS $PWD ${#HISTFILE} $?',
  'case {h} in *.*) echo name;; *) echo bare;; esac; a=(1 2 3); echo "${a[@]:1}"',
  'nc -l 9999 | cat -n',
  'echo hi | nc -w 2 {h} 9999; nc -w 2 192.168.3.51 9999 < /etc/hosts',
  'while :; do sleep 1; done',
  'bash -c "ping -c 2 {h} & wait; exit 4"; echo $?',
  'diff <(ip -br addr) <(ip -br link) | head -n 4; ps aux | tail -n 3',
  'ping {h} | tee /tmp/tee | grep -m 2 ttl; wc -l < /tmp/tee',
] as const
const POWERSHELL = [
  'ipconfig /all',
  'Get-VMSwitch',
  'arp -a',
  'netstat -anb',
  'route print',
  'ping {h}',
  'ping -n 1 {h}',
  'ping -t {h}',
  'nslookup {h}',
  'nslookup -vc {h}',
  'tracert -h 4 {h}',
  'ipconfig /renew',
  'ipconfig /release',
  'ipconfig /flushdns',
  'Test-NetConnection {h} -Port 80',
  'Resolve-DnsName {h}',
  'rasdial "Campus VPN"',
  'rasdial "Campus VPN" /disconnect',
  'netsh wlan connect name="HomeNet"',
  'netsh wlan connect name="Cafe"',
  'netsh wlan disconnect',
  'Get-NetNeighbor | ft',
  '1..3 | ForEach-Object { ping -n 1 {h} | Select-String TTL }',
  '$n = 0; foreach ($i in 1..4) { $n = $n + $i }; "sum $n"',
  'Start-Sleep 2; Get-Date',
  'if ((Get-VM | ? State -eq Running).Count -gt 1) { Get-VM } else { "none" }',
  'Get-NetAdapter | Sort-Object Name | Select-Object -First 1',
  'Stop-VM ubuntu2 -Force',
  'Start-VM ubuntu2',
  'Save-VM ubuntu1',
  'Start-VM ubuntu1',
  'Restart-Computer -Force',
  'Get-NoSuch',
  '"unfinished',
] as const

const pick = <T>(random: RandomStream, from: readonly T[]): T => from[random.below(from.length)] as T

/** One input: mostly lines, sometimes hands, Ctrl-C, a jump in time, or live time for a while. */
export function randomOperation(random: RandomStream, now: number): Operation {
  const kind = random.below(20)
  if (kind === 0) return { do: 'hand', hand: { action: random.below(2) === 0 ? 'unplug' : 'plug', link: pick(random, CABLES) } }
  if (kind === 1) return { do: 'interrupt', console: pick(random, [...LINUX, ...WINDOWS]) }
  if (kind === 2) return { do: 'advance', to: now + 1 + random.below(2 * MINUTE) }
  if (kind === 3) return { do: 'mode', mode: random.below(3) === 0 ? 'live' : 'instant' }
  if (kind === 4) return { do: 'step', kind: random.below(2) === 0 ? 'event' : 'packet' }
  const linux = random.below(2) === 0
  const console = pick<string>(random, linux ? LINUX : WINDOWS)
  const line = pick<string>(random, linux ? BASH : POWERSHELL).replaceAll('{h}', pick(random, HOSTS))
  return { do: 'line', console: random.below(6) === 0 ? `${console}:2` : console, line }
}

/** How long nobody does anything before the next input, in live time. */
export const randomPause = (random: RandomStream): number => random.below(4 * SECOND)
