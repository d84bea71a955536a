// How frames travel on a byte stream: QEMU's `-netdev stream` and `-netdev socket` put four bytes of length, the high one first,
// before each. The TAP bridge does the same.

/** Longer than any frame: a stream that says so is not one of frames. */
const LONGEST = 65_550

export function framed(frame: Uint8Array): Buffer {
  const out = Buffer.allocUnsafe(4 + frame.length)
  out.writeUInt32BE(frame.length, 0)
  out.set(frame, 4)
  return out
}

/** Takes a stream apart, however it was cut into chunks. */
export class Frames {
  private rest: Buffer = Buffer.alloc(0)
  private readonly take: (frame: Buffer) => void

  constructor(take: (frame: Buffer) => void) {
    this.take = take
  }

  /** Throws when the stream cannot be one of frames. */
  push(chunk: Buffer): void {
    const data = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    let at = 0
    while (data.length - at >= 4) {
      const length = data.readUInt32BE(at)
      if (length > LONGEST) throw new Error(`a frame of ${length} bytes: this is not QEMU's framing`)
      if (data.length - at - 4 < length) break
      this.take(data.subarray(at + 4, at + 4 + length))
      at += 4 + length
    }
    this.rest = data.subarray(at)
  }
}
