// The frames that the codecs' tests have, as something to begin from.
import { sampleFrames } from '../wire/samples/frames.ts'

export const ethernet: readonly Uint8Array[] = sampleFrames.map(({ frame }) => frame)
