/** What a machine may send into a lab, and what it is sent, a second. */
export const FLOW = { frames: 20_000, bytes: 32 * 1024 * 1024 } as const
/**
 * Seconds of it that may come at once. What comes in and is too much waits in the seat's queue; what goes out and is too much is
 * lost, and a shallow bucket would show every fast download a loss that no cable of the lab has.
 */
export const BURST = { in: 0.25, out: 1 } as const

/** Frames and bytes that are allowed by and by: what is not used is saved up to a burst. Times in milliseconds. */
export class Allowance {
  private readonly burst: number
  private frames: number
  private bytes: number
  private at: number

  constructor(now: number, burst: number) {
    this.at = now
    this.burst = burst
    this.frames = FLOW.frames * burst
    this.bytes = FLOW.bytes * burst
  }

  /** Takes one frame of so many bytes, if it is allowed now. */
  take(size: number, now: number): boolean {
    if (now > this.at) {
      const seconds = (now - this.at) / 1_000
      this.at = now
      this.frames = Math.min(FLOW.frames * this.burst, this.frames + FLOW.frames * seconds)
      this.bytes = Math.min(FLOW.bytes * this.burst, this.bytes + FLOW.bytes * seconds)
    }
    if (this.frames < 1 || this.bytes < size) return false
    this.frames--
    this.bytes -= size
    return true
  }
}

/** The oldest goes when there is no room: as in a network card. */
export class Ring {
  private readonly slots: (Uint8Array | undefined)[]
  private first = 0
  private count = 0
  private held = 0
  private readonly most: number
  dropped = 0

  constructor(frames: number, bytes: number) {
    this.slots = new Array<Uint8Array | undefined>(frames)
    this.most = bytes
  }

  get length(): number {
    return this.count
  }

  push(frame: Uint8Array): void {
    while (this.count === this.slots.length || (this.count > 0 && this.held + frame.length > this.most)) {
      this.shift()
      this.dropped++
    }
    this.slots[(this.first + this.count) % this.slots.length] = frame
    this.count++
    this.held += frame.length
  }

  get next(): Uint8Array | undefined {
    return this.count === 0 ? undefined : this.slots[this.first]
  }

  shift(): void {
    this.held -= this.slots[this.first]?.length ?? 0
    this.slots[this.first] = undefined
    this.first = (this.first + 1) % this.slots.length
    this.count--
  }
}
