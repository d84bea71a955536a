/** Milliseconds; how many ticks on time are quiet; and how many are waited for at most: the whole machine may be busy. */
const TICK = 10
const QUIET = 3
const MOST = 20

/**
 * Until it has been quiet for a moment. Where all objects share one thread, work that never pauses keeps everybody waiting, also
 * whoever asks how far it is: ticks that come late say that somebody is at work on it, or waits for it. Only for an object that has
 * work under way and could not hibernate anyway.
 */
export async function rest(most = MOST): Promise<void> {
  for (let ticks = 0, quiet = 0; ticks < most && quiet < QUIET; ticks++) {
    const before = Date.now()
    await new Promise((resolve) => setTimeout(resolve, TICK))
    quiet = Date.now() - before < 2 * TICK ? quiet + 1 : 0
  }
}
