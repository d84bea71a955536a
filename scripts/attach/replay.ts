import type { Captured } from './pcap-file.ts'

type Target = { readonly open: boolean; readonly waiting: number; send(frame: Uint8Array): void }

/** Bytes that may wait in the connection before the replay waits for it. */
const AHEAD = 512 * 1024

/** Sends the frames of a capture, each when its time has come; `speed` times as fast, or, with Infinity, as fast as they go. */
export async function replay(captured: readonly Captured[], speed: number, target: Target): Promise<void> {
  const begun = performance.now()
  for (const { at, bytes } of captured) {
    const due = begun + at / 1_000 / speed
    while (performance.now() < due || target.waiting > AHEAD || !target.open) {
      const left = due - performance.now()
      await new Promise((resolve) => setTimeout(resolve, Math.min(1_000, Math.max(1, left))))
    }
    target.send(bytes)
  }
}
