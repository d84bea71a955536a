/** How a machine is plugged in with a token, by what it is. The token goes by the environment, so that no list of processes shows it. */
export type Means = 'tap' | 'qemu' | 'pcap'

export const meansWords: Record<Means, string> = {
  tap: 'This Linux computer (TAP device)',
  qemu: 'A virtual machine (QEMU)',
  pcap: 'A capture file',
}

type Place = {
  readonly origin: string
  readonly lab: string
  readonly port: string
  readonly token: string
  readonly mac: string
}

export function attachCommand(means: Means, { origin, lab, port, token, mac }: Place): string {
  const ends: Record<Means, string> = {
    tap: `--tap tap0${mac === '' ? '' : ` --mac ${mac}`}`,
    qemu: '--qemu 127.0.0.1:5555',
    pcap: '--pcap-in FILE.pcapng',
  }
  const run = `SWITCHROOM_TOKEN=${token} npm run attach -- --url ${origin} --lab ${lab} --port ${port} ${ends[means]}`
  return means === 'tap' ? `sudo ${run}` : run
}

export const qemuOptions = (mac: string): string =>
  `-netdev stream,id=n0,server=off,addr.type=inet,addr.host=127.0.0.1,addr.port=5555 -device virtio-net-pci,netdev=n0${mac === '' ? '' : `,mac=${mac}`}`

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB']

/** `1.5 MB`, in powers of a thousand. */
export function sizeText(bytes: number): string {
  let [value, unit] = [bytes, 0]
  for (; value >= 999.5 && unit < UNITS.length - 1; unit++) value /= 1_000
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`
}

export const framesText = (frames: number, bytes: number): string =>
  `${frames.toLocaleString('en')} ${frames === 1 ? 'frame' : 'frames'}, ${sizeText(bytes)}`
