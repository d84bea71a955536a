// What stands at our end of the line: QEMU on a stream socket, or a TAP device by way of its bridge.
import { spawn } from 'node:child_process'
import { connect as connectTo, createServer, type Server, type Socket } from 'node:net'
import { join } from 'node:path'
import { Frames, framed } from './framing.ts'

/** Gives frames to the machine. */
export type End = { readonly give: (frame: Buffer) => void; readonly close: () => void }
type Ways = {
  readonly take: (frame: Buffer) => void
  readonly say: (text: string) => void
  /** The machine is gone: why. */
  readonly gone: (why: string) => void
}

/** Bytes that a machine has not taken; beyond it frames are dropped. */
const MOST_WAITING = 4 * 1024 * 1024
const BRIDGE = join(import.meta.dirname, 'tap-bridge.py')

type Place = { readonly path: string } | { readonly host: string; readonly port: number }

/** `127.0.0.1:5555`, `:5555` or `unix:PATH`. */
export function placeOf(text: string): Place | undefined {
  if (text.startsWith('unix:')) return { path: text.slice(5) }
  const match = /^(.*):(\d{1,5})$/.exec(text)
  return match ? { host: match[1] === '' ? '127.0.0.1' : (match[1] as string), port: Number(match[2]) } : undefined
}

/** Waits for QEMU to connect, again and again, or connects to a QEMU that waits. */
export function qemu(place: Place, listens: boolean, { take, say, gone }: Ways): End {
  let machine: Socket | undefined
  let server: Server | undefined
  const meet = (socket: Socket) => {
    if (machine) {
      socket.destroy()
      return say('another QEMU came; there is one already')
    }
    machine = socket
    socket.setNoDelay(true)
    say('QEMU is connected')
    const frames = new Frames(take)
    socket.on('data', (chunk) => {
      try {
        frames.push(chunk)
      } catch (error) {
        say((error as Error).message)
        socket.destroy()
      }
    })
    socket.on('error', (error) => say(`QEMU: ${error.message}`))
    socket.on('close', () => {
      machine = undefined
      say('QEMU has gone')
      if (!listens) gone('QEMU has gone')
    })
  }
  if (listens) {
    server = createServer(meet)
    server.on('error', (error) => gone(error.message))
    server.listen(place, () => say('waiting for QEMU'))
  } else {
    const socket = connectTo(place, () => meet(socket))
    socket.once('error', (error) => gone(error.message))
  }
  return {
    give: (frame) => {
      if (machine && machine.writableLength < MOST_WAITING) machine.write(framed(frame))
    },
    close: () => {
      machine?.destroy()
      server?.close()
    },
  }
}

export type TapOptions = { readonly netns: string | undefined; readonly mac: string | undefined }

/** Opens a TAP device: an ioctl that Node cannot do, so a few lines of Python do it and pass frames on. */
export function tap(name: string, { netns, mac }: TapOptions, { take, say, gone }: Ways): End {
  const options = [...(netns === undefined ? [] : ['--netns', netns]), ...(mac === undefined ? [] : ['--mac', mac])]
  const bridge = spawn('python3', [BRIDGE, name, ...options], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  const frames = new Frames(take)
  bridge.stdout.on('data', (chunk: Buffer) => frames.push(chunk))
  bridge.stderr.on('data', (chunk: Buffer) => {
    const text = chunk.toString().trim()
    say(text === 'ready' ? `TAP device ${name} is up` : text)
  })
  bridge.stdin.on('error', () => {})
  bridge.on('error', (error) => gone(`python3: ${error.message}`))
  bridge.on('exit', (code) => gone(`the TAP bridge ended with ${code ?? 'a signal'}`))
  return {
    give: (frame) => {
      if (bridge.stdin.writableLength < MOST_WAITING) bridge.stdin.write(framed(frame))
    },
    close: () => {
      bridge.removeAllListeners('exit')
      bridge.stdin.end()
    },
  }
}
