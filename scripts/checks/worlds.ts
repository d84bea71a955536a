/** The layers of the engine from the bottom up: each may import itself and those before it. */
export const layers = ['sim', 'wire', 'link', 'ip', 'service', 'machine', 'lab'] as const

export type World = 'engine' | 'shell' | 'durable' | 'worker' | 'web' | 'labs' | 'migrations' | 'node'

export function worldOf(path: string): World {
  if (path.startsWith('durable/engine/')) return 'engine'
  if (path.startsWith('durable/shell/')) return 'shell'
  const top = path.slice(0, path.indexOf('/') + 1)
  if (top === 'durable/' || top === 'worker/' || top === 'web/' || top === 'labs/' || top === 'migrations/') {
    return top.slice(0, -1) as World
  }
  return 'node'
}

/** Packages that the shells may use: pure text in, plain data out, held as our own code is. The engine may use none. */
export const shellPackages: readonly string[] = ['unbash']

type Reach = { readonly values: readonly World[]; readonly types: readonly World[]; readonly packages: boolean }

/** What each world may import, besides itself and the doors below. */
export const reach: Record<World, Reach> = {
  engine: { values: [], types: [], packages: false },
  shell: { values: ['engine'], types: ['engine'], packages: false },
  durable: { values: ['engine', 'shell', 'labs', 'migrations'], types: ['worker'], packages: true },
  worker: { values: ['labs', 'migrations'], types: ['durable', 'engine', 'shell'], packages: true },
  web: { values: [], types: ['worker', 'durable', 'engine'], packages: true },
  labs: { values: [], types: ['engine'], packages: false },
  migrations: { values: [], types: [], packages: false },
  node: {
    values: ['engine', 'shell', 'durable', 'worker', 'web', 'labs', 'migrations'],
    types: [],
    packages: true,
  },
}

/** Single openings between worlds: an exact file, or a folder ending in a slash. */
export const doors: readonly { readonly from: string; readonly to: string; readonly why: string }[] = [
  { from: 'worker/', to: 'durable/protocol.ts', why: 'the messages and bodies that both ends parse' },
  { from: 'worker/', to: 'durable/definition/', why: 'what is wrong with a definition is told before a lab is made of it' },
  { from: 'worker/index.ts', to: 'durable/lab-host.ts', why: 'the bundle must export the class' },
  { from: 'worker/', to: 'durable/definition/review.ts', why: 'an assignment is judged before any lab of it exists' },
  { from: 'worker/', to: 'durable/grading/report.ts', why: 'what grading answers, which both ends parse' },
  { from: 'worker/', to: 'durable/what-failed.ts', why: 'what failed is said without values in both' },
  { from: 'worker/jobs/', to: 'durable/jobs/', why: "the queue is an object; what is done in it is the Worker's" },
  { from: 'web/', to: 'durable/protocol.ts', why: 'the messages that both ends parse' },
  { from: 'web/', to: 'durable/engine/wire/', why: 'frames are dissected in the browser' },
]

/** All that a page may load, however long the chain of imports. */
export const pageParts: readonly string[] = [
  'web/',
  'durable/protocol.ts',
  'durable/protocol-people.ts',
  'durable/engine/wire/',
  'durable/engine/sim/',
]

export const within = (path: string, place: string) => (place.endsWith('/') ? path.startsWith(place) : path === place)
