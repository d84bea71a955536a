import { writeFileSync } from 'node:fs'
import { type CapturedPacket, LINK_ETHERNET, pcapng } from '../../durable/engine/lab/pcapng.ts'

/** Frames that are kept, the first ones. */
const MOST = 200_000

/** Keeps what goes through, and writes it as a capture: `out` is what the machine sent, `in` what the lab did. */
export class Diary {
  private readonly packets: CapturedPacket[] = []

  note(bytes: Uint8Array, direction: 'in' | 'out'): void {
    if (this.packets.length >= MOST) return
    const timeMicros = Math.round((performance.timeOrigin + performance.now()) * 1_000)
    this.packets.push({ interface: 0, timeMicros, bytes: bytes.slice(), originalLength: bytes.length, direction })
  }

  write(file: string): void {
    writeFileSync(file, pcapng([{ name: 'port', linkType: LINK_ETHERNET }], this.packets, 0))
  }
}
