// A real Linux kernel under QEMU, with a network adapter at a port of a lab.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import type { Lab, Service } from './service.ts'

const root = join(import.meta.dirname, '../..')
const cache = process.env['GUEST_CACHE'] ?? join(homedir(), '.cache', 'switchroom-guest')
/** In the order in which they are loaded; those that the kernel has built in are not there. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'failover',
  'net_failover',
  'virtio_net',
  'e1000',
]
export type Adapter = 'virtio-net-pci' | 'e1000'

const run = (cwd: string, tool: string, ...args: string[]) =>
  execFileSync(tool, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], maxBuffer: 64 << 20 })

/** A Debian kernel and a file system with busybox in it, made once. */
export function makeGuest(): { kernel: string; disk: string } {
  const [kernel, disk] = [join(cache, 'vmlinuz'), join(cache, 'initrd')]
  const debs = join(cache, 'deb')
  if (!existsSync(kernel)) {
    mkdirSync(debs, { recursive: true })
    const depends = run(cache, 'apt-cache', 'depends', 'linux-image-amd64')
    const image = /Depends: (linux-image-[0-9]\S*)/.exec(depends)?.[1]
    if (image === undefined) throw new Error(`no kernel: ${depends}`)
    run(debs, 'apt-get', '-o', 'APT::Sandbox::User=root', '-qq', 'download', image, 'busybox-static')
    const unpacked = join(cache, 'unpacked')
    for (const name of readdirSync(debs)) run(cache, 'dpkg', '-x', join(debs, name), unpacked)
    const boot = readdirSync(join(unpacked, 'boot')).find((name) => name.startsWith('vmlinuz'))
    const system = join(cache, 'root')
    for (const folder of ['bin', 'lib', 'proc', 'sys', 'dev', 'etc', 'tmp']) mkdirSync(join(system, folder), { recursive: true })
    const busybox = ['bin/busybox', 'usr/bin/busybox'].map((name) => join(unpacked, name)).find(existsSync)
    copyFileSync(busybox ?? '', join(system, 'bin/busybox'))
    MODULES.forEach((name, at) => {
      const [file] = run(cache, 'find', unpacked, '-name', `${name}.ko`).split('\n')
      if (file) copyFileSync(file, join(system, 'lib', `${10 + at}-${name}.ko`))
    })
    copyFileSync(join(unpacked, 'boot', boot ?? ''), kernel)
    rmSync(unpacked, { recursive: true })
  }
  // The scripts may have changed since.
  const system = join(cache, 'root')
  for (const [from, to] of [
    ['guest-init', 'init'],
    ['lease-script', 'lease-script'],
  ] as const) {
    copyFileSync(join(import.meta.dirname, from), join(system, to))
    chmodSync(join(system, to), 0o755)
  }
  const packed = execFileSync('sh', ['-c', 'find . | cpio --quiet -o -H newc -R 0:0'], { cwd: system, maxBuffer: 256 << 20 })
  writeFileSync(disk, packed)
  return { kernel, disk }
}

export type Told = { readonly said: readonly string[]; readonly seconds: number; readonly capture: string; readonly log: string }

/** Boots it, lets it do what `wishes` names (ping, name, page, ipv6), and answers what it said. */
export async function boot(
  service: Service,
  lab: Lab,
  port: string,
  adapter: Adapter,
  wishes: Record<string, string>,
): Promise<Told> {
  const { kernel, disk } = makeGuest()
  const place = join(service.folder, `qemu-${Date.now()}`)
  const capture = `${place}.pcapng`
  const tool = spawn(
    'node',
    [
      'scripts/run.mjs',
      'scripts/attach.ts',
      '--url',
      service.url,
      '--lab',
      lab.id,
      '--port',
      port,
      '--qemu',
      `unix:${place}`,
      '--pcap-out',
      capture,
    ],
    { cwd: root, env: { ...process.env, SWITCHROOM_TOKEN: await lab.token(port) }, stdio: ['ignore', 'ignore', 'pipe'] },
  )
  let log = ''
  tool.stderr.on('data', (chunk) => {
    log += chunk
  })
  for (let left = 400; !log.includes('waiting for QEMU'); left--) {
    if (left === 0 || tool.exitCode !== null) throw new Error(`the tool does not wait for QEMU: ${log}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  const begun = performance.now()
  const append = ['console=ttyS0', 'panic=-1', 'quiet', 'mitigations=off', 'net.ifnames=0']
  const qemu = spawn(
    'qemu-system-x86_64',
    [
      ...['-accel', 'tcg', '-cpu', 'max', '-m', '256', '-nodefaults', '-no-user-config', '-display', 'none', '-no-reboot'],
      ...['-serial', 'stdio', '-kernel', kernel, '-initrd', disk],
      ...['-append', [...append, ...Object.entries(wishes).map(([key, value]) => `sr.${key}=${value}`)].join(' ')],
      ...['-netdev', `stream,id=n0,server=off,addr.type=unix,addr.path=${place}`],
      ...['-device', `${adapter},netdev=n0,mac=52:54:00:12:34:56,romfile=`],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let serial = ''
  qemu.stdout.on('data', (chunk) => {
    serial += chunk
  })
  qemu.stderr.on('data', (chunk) => {
    serial += chunk
  })
  const limit = setTimeout(() => qemu.kill('SIGKILL'), 170_000)
  await new Promise((resolve) => qemu.once('exit', resolve))
  clearTimeout(limit)
  const seconds = (performance.now() - begun) / 1_000
  const ended = new Promise((resolve) => tool.once('exit', resolve))
  tool.kill('SIGTERM')
  await ended
  const said = [...serial.matchAll(/^GUEST (.*?)\r?$/gm)].map(([, text]) => text as string)
  return { said, seconds, capture, log: `${serial}\n${log}` }
}
