/** Numbers in as few bytes as they need, seven bits each, low ones first; exact up to 2^53. */
export class ByteWriter {
  private buffer = new Uint8Array(4_096)
  private length = 0

  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new Error(`cannot store ${value} as a number`)
    this.room(8)
    let rest = value
    while (rest >= 128) {
      this.buffer[this.length++] = (rest % 128) | 128
      rest = Math.floor(rest / 128)
    }
    this.buffer[this.length++] = rest
  }

  bytes(bytes: Uint8Array): void {
    this.room(bytes.length)
    this.buffer.set(bytes, this.length)
    this.length += bytes.length
  }

  taken(): Uint8Array {
    return this.buffer.subarray(0, this.length)
  }

  private room(more: number): void {
    if (this.length + more <= this.buffer.length) return
    const larger = new Uint8Array(Math.max(this.buffer.length * 2, this.length + more))
    larger.set(this.buffer)
    this.buffer = larger
  }
}

export class ByteReader {
  private readonly buffer: Uint8Array
  private at = 0

  constructor(buffer: Uint8Array) {
    // A Buffer of Node's would give views where `slice` promises copies.
    this.buffer = new Uint8Array(buffer.buffer, buffer.byteOffset, buffer.byteLength)
  }

  number(): number {
    let value = 0
    for (let scale = 1; ; scale *= 128) {
      const byte = this.buffer[this.at++]
      if (byte === undefined || scale > 2 ** 49) throw new Error('a number is cut off')
      value += (byte & 127) * scale
      if (byte < 128) return value
    }
  }

  /** A copy, so that a kept frame does not keep its whole block. */
  bytes(length: number): Uint8Array {
    if (this.at + length > this.buffer.length) throw new Error('bytes are cut off')
    this.at += length
    return this.buffer.slice(this.at - length, this.at)
  }
}
