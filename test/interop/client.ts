// A real Linux network stack: a network namespace whose adapter is a TAP device at a port of a lab.
import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Lab, Service } from './service.ts'

const root = join(import.meta.dirname, '../..')
const LEASE_SCRIPT = join(import.meta.dirname, 'lease-script')
let count = 0

export type Ran = { readonly status: number; readonly out: string; readonly seconds: number }

export class Client {
  readonly ns: string
  readonly mac: string
  readonly capture: string
  private readonly tool: ChildProcess
  private log = ''

  private constructor(ns: string, mac: string, capture: string, tool: ChildProcess) {
    this.ns = ns
    this.mac = mac
    this.capture = capture
    this.tool = tool
    tool.stderr?.on('data', (chunk) => {
      this.log += chunk
    })
  }

  /** Makes the namespace and plugs it in with `npm run attach`. */
  static async plug(service: Service, lab: Lab, port: string, { ipv6 = false } = {}): Promise<Client> {
    const number = ++count
    const ns = `sr-${process.pid}-${number}`
    const mac = `02:5e:00:00:${(process.pid & 255).toString(16).padStart(2, '0')}:${number.toString(16).padStart(2, '0')}`
    execFileSync('ip', ['netns', 'add', ns])
    // So that no DHCP client that runs in it can write the machine's own.
    mkdirSync(`/etc/netns/${ns}`, { recursive: true })
    writeFileSync(`/etc/netns/${ns}/resolv.conf`, '')
    execFileSync('ip', ['-n', ns, 'link', 'set', 'lo', 'up'])
    if (!ipv6) execFileSync('ip', ['netns', 'exec', ns, 'sysctl', '-qw', 'net.ipv6.conf.default.disable_ipv6=1'])
    const capture = join(service.folder, `${ns}.pcapng`)
    const args = ['--url', service.url, '--lab', lab.id, '--port', port, '--tap', 'eth0', '--netns', ns, '--mac', mac]
    const tool = spawn('node', ['scripts/run.mjs', 'scripts/attach.ts', ...args, '--pcap-out', capture], {
      cwd: root,
      env: { ...process.env, SWITCHROOM_TOKEN: await lab.token(port, { label: ns, mac }) },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const client = new Client(ns, mac, capture, tool)
    await client.until(() => client.log.includes('TAP device eth0 is up'), 'the TAP device')
    return client
  }

  get told(): string {
    return this.log
  }

  /** Runs a command in the namespace. */
  run(...[tool, ...args]: [string, ...string[]]): Promise<Ran> {
    const begun = performance.now()
    return new Promise((resolve) => {
      const options = { timeout: 170_000, maxBuffer: 64 << 20 }
      execFile('ip', ['netns', 'exec', this.ns, tool, ...args], options, (error, stdout, stderr) => {
        const status = error ? (typeof error.code === 'number' ? error.code : 1) : 0
        resolve({ status, out: `${stdout}${stderr}`, seconds: (performance.now() - begun) / 1_000 })
      })
    })
  }

  /** Takes a lease with udhcpc. */
  udhcpc(...more: string[]): Promise<Ran> {
    return this.run('udhcpc', '-i', 'eth0', '-f', '-n', '-q', '-t', '5', '-T', '2', '-s', LEASE_SCRIPT, ...more)
  }

  get resolvers(): string[] {
    const text = readFileSync(`/etc/netns/${this.ns}/resolv.conf`, 'utf8')
    return [...text.matchAll(/^nameserver (\S+)/gm)].map(([, address]) => address as string)
  }

  /** The address of the adapter, and the gateway. */
  async where(): Promise<{ address: string; gateway: string }> {
    const { out: addresses } = await this.run('ip', '-4', '-o', 'addr', 'show', 'dev', 'eth0')
    const { out: routes } = await this.run('ip', 'route')
    const first = (pattern: RegExp, text: string) => pattern.exec(text)?.[1] ?? ''
    return { address: first(/inet ([\d.]+)/, addresses), gateway: first(/default via ([\d.]+)/, routes) }
  }

  /** Checksum and header errors that the kernel has counted in what the lab sent. */
  async kernelErrors(): Promise<string[]> {
    const { out } = await this.run('cat', '/proc/net/snmp', '/proc/net/netstat')
    const rows = out.split('\n').map((line) => line.split(' '))
    const wrong: string[] = []
    for (let at = 0; at + 1 < rows.length; at += 2) {
      const [names = [], values = []] = [rows[at], rows[at + 1]]
      names.forEach((name, i) => {
        if (/InCsumErrors|InHdrErrors|InErrors|InErrs/.test(name) && Number(values[i]) > 0)
          wrong.push(`${names[0]}${name} ${values[i]}`)
      })
    }
    return wrong
  }

  async unplug(): Promise<void> {
    if (this.tool.exitCode === null) {
      const ended = new Promise((resolve) => this.tool.once('exit', resolve))
      this.tool.kill('SIGTERM')
      await ended
    }
    try {
      execFileSync('ip', ['netns', 'del', this.ns])
    } catch {}
    rmSync(`/etc/netns/${this.ns}`, { recursive: true, force: true })
  }

  private async until(holds: () => boolean, what: string): Promise<void> {
    for (let left = 600; !holds(); left--) {
      if (left === 0 || this.tool.exitCode !== null) throw new Error(`${what} did not come: ${this.log}`)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
}
