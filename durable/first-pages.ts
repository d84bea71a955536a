import type { PacketRow } from './protocol.ts'
import { sameBytes } from './same-bytes.ts'

/** A page that is full: nothing that comes later changes it. */
export type FullPage = { readonly packets: readonly PacketRow[]; readonly next: number }

/** Labs of so many rows of packets have a shelf; those of a class that has just begun have two or three. */
export const MOST_BLOCKS = 4
/** Shelves that are kept, used last. */
const MOST = 4

/** The pages of everything that stands in these rows of packets, from the first on. */
export class Shelf {
  readonly blocks: readonly Uint8Array[]
  private readonly pages = new Map<string, FullPage>()

  constructor(blocks: readonly Uint8Array[]) {
    this.blocks = blocks
  }

  find(after: number, limit: number): FullPage | undefined {
    return this.pages.get(`${after} ${limit}`)
  }

  put(after: number, limit: number, page: FullPage): void {
    if (this.pages.size < 64) this.pages.set(`${after} ${limit}`, page)
  }
}

const shelves: Shelf[] = []

/**
 * The pages that another lab with the very same packets was shown. A class opens labs that were made of one state, and reading
 * what was seen in each of them anew took longer than all the rest of greeting a page. Compared byte for byte.
 */
export function shelfOf(blocks: readonly Uint8Array[]): Shelf {
  const at = shelves.findIndex(
    (one) => one.blocks.length === blocks.length && one.blocks.every((its, i) => sameBytes(its, blocks[i])),
  )
  const [found = new Shelf(blocks)] = at < 0 ? [] : shelves.splice(at, 1)
  shelves.push(found)
  if (shelves.length > MOST) shelves.shift()
  return found
}
