// The parsed file with every placeholder filled in and the drawn overlays laid over it, and where each field came from.

import { fillScalar, fillText, type Lookup } from './placeholder.ts'
import type { Tell } from './references.ts'
import type { VariantsSource } from './schema.ts'

export type Path = readonly PropertyKey[]
type Block = { [key: string]: unknown }

const isBlock = (value: unknown): value is Block => typeof value === 'object' && value !== null && !Array.isArray(value)
const textOf = (path: Path): string => JSON.stringify(path.map(String))

/** The words for the person who reads the overlay: no fields of the file. */
const ABOUT = new Set(['title', 'words', 'variants'])

export class Filling {
  /** Where a field of the filled file stands in the source, where that is another place. */
  private readonly origins = new Map<string, Path>()
  private readonly lookup: Lookup
  private readonly tell: Tell

  constructor(lookup: Lookup, tell: Tell) {
    this.lookup = lookup
    this.tell = tell
  }

  /** `overlays`: which one was drawn, by the name of the value. */
  file(data: Block, declared: VariantsSource, overlays: ReadonlyMap<string, string>): Block {
    const { variants: _, ...rest } = data
    let file = this.fill(rest, [], []) as Block
    for (const [name, key] of overlays) {
      const draw = declared[name]
      if (draw?.draw !== 'overlay') continue
      const overlay = Object.fromEntries(Object.entries(draw.of[key] as Block).filter(([field]) => !ABOUT.has(field)))
      file = this.merge(file, overlay, ['variants', name, 'of', key], []) as Block
    }
    return file
  }

  /** The path in the source of a path in the filled file. */
  origin(path: Path): Path {
    for (let length = path.length; length > 0; length--) {
      const from = this.origins.get(textOf(path.slice(0, length)))
      if (from) return [...from, ...path.slice(length)]
    }
    return path
  }

  private fill(value: unknown, source: Path, target: Path): unknown {
    if (typeof value === 'string') return fillScalar(value, this.lookup, (reason) => this.tell(source, reason))
    if (Array.isArray(value)) return value.map((item, at) => this.fill(item, [...source, at], [...target, at]))
    if (!isBlock(value)) return value
    const filled: [string, unknown][] = []
    const known = new Set<string>()
    for (const [key, item] of Object.entries(value)) {
      const from = [...source, key]
      const name = fillText(key, this.lookup, (reason) => this.tell(from, reason))
      if (known.has(name)) this.tell(from, `is the same name as another one: ${name}`)
      known.add(name)
      const to = [...target, name]
      if (name !== key) this.origins.set(textOf(to), from)
      filled.push([name, this.fill(item, from, to)])
    }
    return Object.fromEntries(filled)
  }

  private merge(base: unknown, overlay: unknown, source: Path, target: Path): unknown {
    if (isBlock(base) && isBlock(overlay)) {
      const merged = new Map(Object.entries(base))
      for (const [key, item] of Object.entries(overlay)) {
        const from = [...source, key]
        const name = fillText(key, this.lookup, (reason) => this.tell(from, reason))
        if (item === null) merged.delete(name)
        else merged.set(name, this.merge(merged.get(name), item, from, [...target, name]))
      }
      return Object.fromEntries(merged)
    }
    // The lists of the file itself go on; those within a machine are replaced.
    if (Array.isArray(base) && Array.isArray(overlay) && target.length === 1) {
      const more = overlay.map((item, at) => {
        const to = [...target, base.length + at]
        this.origins.set(textOf(to), [...source, at])
        return this.fill(item, [...source, at], to)
      })
      return [...base, ...more]
    }
    this.origins.set(textOf(target), source)
    return this.fill(overlay, source, target)
  }
}
