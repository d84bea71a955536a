// npm run attach -- OPTIONS: plugs a real machine into a port of a lab.
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { Diary } from './attach/diary.ts'
import { type End, placeOf, qemu, tap } from './attach/ends.ts'
import { Line } from './attach/line.ts'
import { readCapture } from './attach/pcap-file.ts'
import { replay } from './attach/replay.ts'

const help = `npm run attach -- --lab LAB --port PORT (--qemu PLACE | --qemu-connect PLACE | --tap NAME | --pcap-in FILE)
  --url URL            the service (default http://127.0.0.1:8787)
  --lab LAB            the lab's id
  --port PORT          a port as GET /v1/labs/LAB/ports lists them: home:5, pc.default-switch:1, router.lan2
  --token TOKEN        a token for this port; better in the environment: SWITCHROOM_TOKEN.
                       With an API key in SWITCHROOM_KEY instead, a token is made.
  --qemu PLACE         wait for QEMU at HOST:PORT or unix:PATH:
                       qemu-system-x86_64 … -netdev stream,id=n0,server=off,addr.type=inet,addr.host=127.0.0.1,addr.port=5555
                       (or -netdev socket,id=n0,connect=127.0.0.1:5555) -device virtio-net-pci,netdev=n0
  --qemu-connect PLACE connect to a QEMU that waits (server=on, or listen=)
  --tap NAME           a Linux TAP device of that name, made here and gone with us. Needs root and python3: opening one takes an
                       ioctl, which Node cannot do, so scripts/attach/tap-bridge.py opens it and passes frames on.
    --netns NAME       … in that network namespace
    --spoofing         … with several addresses behind the port, as of a bridge; also declared, when a token is made here
    --mac ADDRESS      … with that address; also declared, when a token is made here
  --pcap-in FILE       replay a capture (pcap or pcapng, Ethernet) into the lab, and end
    --speed N          … N times as fast; 0: as fast as it goes (default 1)
  --pcap-out FILE      write what goes through, both ways, as pcapng (the first 200,000 frames)
  --once               do not come back when the connection is lost
  Ctrl-C ends it and prints what went through. Exit codes: 0 ended by you or by the end of the file, 1 refused or cut off, 2 wrong options.`

const say = (text: string) => console.error(`attach: ${text}`)

function refuse(message: string): never {
  console.error(`${message}\n\n${help}`)
  process.exit(2)
}

function readOptions() {
  try {
    const { values } = parseArgs({
      options: {
        url: { type: 'string', default: 'http://127.0.0.1:8787' },
        lab: { type: 'string' },
        port: { type: 'string' },
        token: { type: 'string' },
        qemu: { type: 'string' },
        'qemu-connect': { type: 'string' },
        tap: { type: 'string' },
        netns: { type: 'string' },
        mac: { type: 'string' },
        spoofing: { type: 'boolean', default: false },
        'pcap-in': { type: 'string' },
        'pcap-out': { type: 'string' },
        speed: { type: 'string', default: '1' },
        once: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
    return values
  } catch (error) {
    return refuse((error as Error).message)
  }
}

const options = readOptions()
if (options.help) {
  console.log(help)
  process.exit(0)
}
const { lab, port } = options
if (!lab || !port) refuse('Say which lab and which port.')
const ends = [options.qemu, options['qemu-connect'], options.tap, options['pcap-in']].filter((one) => one !== undefined)
if (ends.length !== 1) refuse('Say what to plug in: one of --qemu, --qemu-connect, --tap, --pcap-in.')
const place = placeOf(options.qemu ?? options['qemu-connect'] ?? ':1')
if (!place) refuse('QEMU is at HOST:PORT or unix:PATH.')
if (options.tap !== undefined && !/^[a-zA-Z0-9_.-]{1,15}$/.test(options.tap)) refuse(`"${options.tap}" is no name for a device.`)
const speed = Number(options.speed)
if (!(speed >= 0)) refuse(`"${options.speed}" is not a speed.`)
const url = URL.canParse(options.url) ? new URL(options.url) : refuse(`"${options.url}" is not a URL.`)

async function makeToken(key: string): Promise<string> {
  const answer = await fetch(new URL(`/v1/labs/${lab}/ports/${port}/tokens`, url), {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({
      label: options.tap ?? 'npm run attach',
      ...(options.mac !== undefined && { mac: options.mac }),
      spoofing: options.spoofing,
    }),
  })
  const body = (await answer.json()) as { token?: string; detail?: string }
  if (body.token === undefined) {
    say(`refused: ${answer.status} ${body.detail ?? ''}`)
    process.exit(1)
  }
  return body.token
}

const { SWITCHROOM_TOKEN: given, SWITCHROOM_KEY: key } = process.env
const token = options.token ?? given ?? (key ? await makeToken(key) : refuse('Give a token, or a key to make one with.'))

let end: End | undefined
const diary = options['pcap-out'] === undefined ? undefined : new Diary()
const wsUrl = new URL(`/v1/labs/${lab}/ports/${port}/attach`, url)
wsUrl.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:'
let started = false
const line = new Line({
  url: wsUrl.href,
  token,
  again: !options.once,
  say,
  receive: (frame) => {
    diary?.note(frame, 'in')
    end?.give(frame)
  },
  connected: () => {
    if (started) return
    started = true
    start()
  },
})

function gone(why: string): void {
  say(why)
  line.end(1, why)
}

function start(): void {
  const take = (frame: Buffer) => {
    diary?.note(frame, 'out')
    line.send(frame)
  }
  const ways = { take, say, gone }
  if (options.tap !== undefined) end = tap(options.tap, { netns: options.netns, mac: options.mac }, ways)
  else if (options['pcap-in'] === undefined) end = qemu(place ?? refuse(''), options.qemu !== undefined, ways)
  else void replayFile(options['pcap-in'])
}

async function replayFile(name: string): Promise<void> {
  try {
    const captured = readCapture(readFileSync(name))
    const cut = captured.filter((one) => one.cut > 0).length
    if (cut > 0) say(`${cut} of ${captured.length} frames were cut by the capture; they go as they are`)
    await replay(captured, speed === 0 ? Number.POSITIVE_INFINITY : speed, line)
    // What they bring may still be on its way back.
    await new Promise((resolve) => setTimeout(resolve, 200))
    line.end(0, 'end of the capture')
  } catch (error) {
    say(`${name}: ${(error as Error).message}`)
    line.end(1, 'the capture cannot be read')
  }
}

process.on('SIGINT', () => line.end(0, 'ended with Ctrl-C'))
process.on('SIGTERM', () => line.end(0, 'ended'))
const status = await line.over
end?.close()
if (options['pcap-out'] !== undefined) diary?.write(options['pcap-out'])
const { counters } = line
say(
  `${counters.out} frames (${counters.outBytes} bytes) into the lab, ${counters.in} (${counters.inBytes} bytes) out of it, ${counters.dropped} dropped here, ${counters.connections} connections`,
)
process.exit(status)
