import { type Import, importsOf } from './imports.ts'
import { isTest, type Sources } from './source-files.ts'
import { doors, layers, pageParts, reach, shellPackages, within, worldOf } from './worlds.ts'

type Graph = ReadonlyMap<string, readonly Import[]>

/** Every import that points the wrong way, each with the chain of files that leads to it. */
export function findLayerFaults(sources: Sources): string[] {
  const graph: Graph = new Map(
    [...sources].filter(([path]) => !isTest(path)).map(([path, text]) => [path, importsOf(path, text)] as const),
  )
  const faults: string[] = []
  for (const [path, imports] of graph) {
    for (const one of imports) {
      const reason = one.target === undefined ? packageFault(path, one.specifier) : fileFault(path, one.target, one.typeOnly)
      if (reason !== undefined) faults.push(`${[...leadTo(graph, path), one.target ?? one.specifier].join(' -> ')}\n  ${reason}`)
    }
  }
  return [...faults, ...pageFaults(graph)]
}

function packageFault(path: string, specifier: string): string | undefined {
  const world = worldOf(path)
  if (reach[world].packages) return undefined
  if (world === 'shell' && shellPackages.includes(specifier)) return undefined
  return `${world} code may not import "${specifier}"`
}

function fileFault(path: string, target: string, typeOnly: boolean): string | undefined {
  const from = worldOf(path)
  const to = worldOf(target)
  if (from === 'engine' && to === 'engine') return layerFault(path, target)
  if (from === to || reach[from].values.includes(to)) return undefined
  if (typeOnly && reach[from].types.includes(to)) return undefined
  if (doors.some((door) => within(path, door.from) && within(target, door.to))) return undefined
  return `${from} code may not import ${to} code${reach[from].types.includes(to) ? ' except by `import type`' : ''}`
}

function layerFault(path: string, target: string): string | undefined {
  const from = rank(path)
  const to = rank(target)
  if (to <= from) return undefined
  return `${name(from)} may not import ${name(to)}: imports in the engine point down (${[...layers].reverse().join(' > ')})`
}

/** A file directly under durable/engine/ is its front door and stands above all layers. */
function rank(path: string): number {
  const at = (layers as readonly string[]).indexOf(path.split('/')[2])
  return at < 0 ? layers.length : at
}

const name = (at: number) => layers[at] ?? 'the front door'

/** The shortest chain of imports that ends at `path`, from a file that nothing imports. */
function leadTo(graph: Graph, path: string): string[] {
  const next = new Map<string, string | undefined>([[path, undefined]])
  let last = path
  for (const file of next.keys()) {
    last = file
    const importers = [...graph].filter(([, imports]) => imports.some((one) => one.target === file)).map(([from]) => from)
    if (importers.length === 0) break
    for (const from of importers) if (!next.has(from)) next.set(from, file)
  }
  const chain: string[] = []
  for (let at: string | undefined = last; at !== undefined; at = next.get(at)) chain.push(at)
  return chain
}

function pageFaults(graph: Graph): string[] {
  const faults: string[] = []
  const chains = new Map<string, readonly string[]>()
  for (const path of graph.keys()) if (worldOf(path) === 'web') chains.set(path, [path])
  for (const [path, chain] of chains) {
    for (const { target, typeOnly } of graph.get(path) ?? []) {
      if (target === undefined || typeOnly || chains.has(target)) continue
      // A wrong import straight from the page's own code has been told already.
      if (!pageParts.some((part) => within(target, part))) {
        if (worldOf(path) !== 'web') faults.push(`${[...chain, target].join(' -> ')}\n  the page would carry ${target}`)
      } else chains.set(target, [...chain, target])
    }
  }
  return faults
}
