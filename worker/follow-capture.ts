import type { CaptureBlocks } from '../durable/contract.ts'

/** A live capture ends after so long; whoever wants more asks again. */
export const LONGEST_FOLLOW = 3_600
/** Between two questions, in milliseconds: at first, and at most when nothing comes. */
const PAUSE = 1_000
const LONGEST_PAUSE = 5_000

type Ask = (after: number, known: readonly string[]) => Promise<CaptureBlocks>

/** A capture file that goes on for `seconds`: the lab is asked for more only when the reader has taken what there was. */
export function followCapture(ask: Ask, seconds: number): ReadableStream<Uint8Array> {
  const end = Date.now() + seconds * 1_000
  let after = -1
  let known: readonly string[] = []
  let pause = 0
  let gone = false
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        while (!gone) {
          if (pause > 0) await new Promise((resolve) => setTimeout(resolve, Math.min(pause, Math.max(0, end - Date.now()))))
          if (gone) return
          const blocks = await ask(after, known).catch(() => undefined)
          // The lab is gone, or cannot answer: what was sent is a whole file all the same.
          if (!blocks) return controller.close()
          after = blocks.next
          known = blocks.interfaces
          const nothing = blocks.bytes.length === 0
          pause = blocks.more ? 0 : nothing ? Math.min(LONGEST_PAUSE, Math.max(PAUSE, pause * 1.5)) : PAUSE
          if (!nothing) controller.enqueue(blocks.bytes)
          if (!blocks.more && Date.now() >= end) return controller.close()
          if (!nothing) return
        }
      },
      cancel() {
        gone = true
      },
    },
    { highWaterMark: 0 },
  )
}
