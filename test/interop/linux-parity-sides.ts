// The two sides: a real network namespace (root, `ip netns`), and a guest of the engine.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { parseDefinition } from '../../durable/definition/parse.ts'
import { Lab } from '../../durable/engine/lab/lab.ts'
import { shells } from '../../durable/runtime.ts'
import type { Answer } from './linux-parity-compare.ts'

const YAML = `title: parity
summary: two machines and a cable
starts: 2026-01-01T00:00:00+00:00
machines:
  vm:
    os: ubuntu-24.04
    role: computer
    adapters: { eth0: { address: 10.77.0.2/24, gateway: 10.77.0.1, mac: '02:00:0a:4d:00:02' } }
  gw:
    os: router
    adapters: { eth0: { address: 10.77.0.1/24, mac: '02:00:0a:4d:00:01' } }
cables:
  - { between: [vm/eth0, gw/eth0] }
`

export function simulated(lines: readonly string[]): Answer[] {
  const parsed = parseDefinition(YAML)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.faults))
  const lab = new Lab(parsed.definition, 1, shells)
  let command = 0
  const exec = (line: string): Answer => {
    const { output, exitStatus } = lab.exec('vm', line, ++command)
    return { line, output, status: exitStatus ?? -1 }
  }
  // The namespace begins with a kernel's values, a route of the administrator's, and without IPv6.
  for (const line of PREPARE) exec(`sudo ${line}`)
  // As on the other side, what prints columns must find that nobody's terminal is there.
  return lines.map((line) => ({ ...exec(/^ss /.test(line) ? `sudo ${line} | cat` : `sudo ${line}`), line }))
}

const PREPARE = [
  'sysctl -w net.ipv4.conf.all.rp_filter=0',
  'sysctl -w net.ipv4.conf.default.rp_filter=0',
  'sysctl -w net.ipv6.conf.all.disable_ipv6=1',
  'ip route flush default',
  'ip route add default via 10.77.0.1',
]

const NAMES = ['switchroom-parity-vm', 'switchroom-parity-gw'] as const

/** Why there can be no real side here, or undefined. */
export function whyNot(): string | undefined {
  if (process.getuid?.() !== 0) return 'needs root for network namespaces'
  for (const tool of [
    'ip',
    'python3',
    'iptables',
    'conntrack',
    'ifconfig',
    'arping',
    'ethtool',
    'traceroute',
    'sysctl',
    'bridge',
  ])
    if (spawnSync('sh', ['-c', `command -v ${tool}`]).status !== 0) return `needs the program ${tool}`
  return spawnSync('ip', ['tuntap', 'add', 'dev', 'srptest0', 'mode', 'tap']).status === 0 &&
    spawnSync('ip', ['link', 'del', 'srptest0']).status === 0
    ? undefined
    : 'needs TAP devices'
}

export async function real(lines: readonly string[]): Promise<Answer[]> {
  const [vm, gw] = NAMES
  const ip = (...args: string[]) => execFileSync('ip', args)
  const inside = (name: string, ...args: string[]) => execFileSync('ip', ['netns', 'exec', name, ...args])
  for (const name of NAMES) {
    spawnSync('ip', ['netns', 'del', name])
    ip('netns', 'add', name)
    inside(name, 'ip', 'tuntap', 'add', 'dev', 'eth0', 'mode', 'tap', 'multi_queue')
    inside(name, 'sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1', 'net.ipv6.conf.default.disable_ipv6=1')
  }
  const relay = spawn('python3', [new URL('linux-parity-relay.py', import.meta.url).pathname, vm, gw], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  try {
    await new Promise((ready) => relay.stdout.once('data', ready))
    for (const [name, last] of [
      [vm, '02'],
      [gw, '01'],
    ] as const) {
      inside(name, 'ip', 'link', 'set', 'lo', 'up')
      inside(name, 'ip', 'link', 'set', 'eth0', 'address', `02:00:0a:4d:00:${last}`)
      inside(name, 'ip', 'link', 'set', 'eth0', 'up')
      inside(name, 'ip', 'addr', 'add', `10.77.0.${Number(last)}/24`, 'brd', '+', 'dev', 'eth0')
    }
    inside(vm, 'ip', 'route', 'add', 'default', 'via', '10.77.0.1')
    return lines.map((line) => {
      const ran = spawnSync('ip', ['netns', 'exec', vm, 'bash', '-c', `${line} 2>&1`], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'] ?? '', LC_ALL: 'C', COLUMNS: '80' },
      })
      return { line, output: ran.stdout, status: ran.status ?? -1 }
    })
  } finally {
    relay.kill()
    for (const name of NAMES) spawnSync('ip', ['netns', 'del', name])
  }
}

export const FIXTURE = 'test/fixtures/linux-parity.json'
export const recordedAnswers = (): { readonly system: string; readonly answers: readonly Answer[] } =>
  JSON.parse(readFileSync(FIXTURE, 'utf8'))

/** What the real side is: distribution, kernel, and the packages that answer. */
export function systemName(): string {
  const run = (command: string) => spawnSync('sh', ['-c', command], { encoding: 'utf8' }).stdout.trim()
  const distribution = run('. /etc/os-release; echo "$NAME $VERSION_ID"')
  return `${distribution}, Linux ${run('uname -r').replace(/-.*/, '')}, ${run('ip -V').replace(/^ip utility, |,.*$/g, '')}, ${run('iptables -V')}`
}
