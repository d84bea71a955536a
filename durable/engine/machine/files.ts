// The files of a machine: those that every machine of its kind has, a few that the system makes from its state when they are
// read, and what people wrote, changed and removed.
import type { FileStat, Os } from './views.ts'

export type FileView = { readonly name: string; readonly directory: boolean; readonly size: number }

/** A system file: its content at this moment. */
export type SystemFiles = { readonly [path: string]: () => string }

/** What machines begin with and people may change: text of a file, `{ link }` to another path, or a directory with its mode. */
export type BaseEntry = string | (() => string) | { readonly link: string } | { readonly directory: number }
export type BaseFiles = { readonly [path: string]: BaseEntry }

export type FileFault =
  | 'invalid'
  | 'access-denied'
  | 'not-found'
  | 'exists'
  | 'is-directory'
  | 'not-directory'
  | 'not-empty'
  | 'no-space'

/** What differs from the base. `kind` is absent for a plain file with mode 644, as rows of before there were more had them. */
export type EntryChange = {
  readonly kind?: 'file' | 'directory' | 'link' | 'gone'
  readonly mode?: number
  readonly owner?: string
  /** Lab time of the last change of its content. */
  readonly changed?: number
}
export type StoredFile = readonly [path: string, text: string] | readonly [path: string, text: string, change: EntryChange]

type Entry = {
  readonly path: string
  text: string
  kind: 'file' | 'directory' | 'link' | 'gone'
  mode: number
  owner: string
  changed: number
}

export const FILE_LIMIT = 256 * 1024
const ALL_LIMIT = 512 * 1024
const FILES_LIMIT = 512
const LINKS_LIMIT = 16
const FILE_MODE = 0o644
const DIRECTORY_MODE = 0o755

export type FileOptions = {
  readonly base?: BaseFiles
  readonly live?: () => SystemFiles
  readonly now?: () => number
  readonly owner?: string
}

const textOf = (base: BaseEntry | undefined): string | undefined =>
  typeof base === 'function' ? base() : typeof base === 'string' ? base : undefined

/** Below /proc and /sys there is what the kernel shows, and nothing else. */
const isKernels = (at: string): boolean => /^\/(proc|sys)(\/|$)/.test(at)

function ancestors(paths: readonly string[], separator = '/'): ReadonlySet<string> {
  const found = new Set<string>([separator])
  for (const path of paths)
    for (let cut = path.lastIndexOf(separator); cut > 0; cut = path.lastIndexOf(separator, cut - 1)) found.add(path.slice(0, cut))
  return found
}

export class Files {
  private readonly windows: boolean
  private readonly system: SystemFiles
  private readonly base: BaseFiles
  /** Of Windows, where names count without their case. */
  private readonly baseByName: ReadonlyMap<string, BaseEntry>
  /** Files whose very being depends on the moment, as those of interfaces: below /proc and /sys. */
  private readonly live: () => SystemFiles
  private readonly now: () => number
  private readonly owner: string
  private readonly entries = new Map<string, Entry>()
  private implied: { readonly keys: number; readonly folders: ReadonlySet<string> } = { keys: -1, folders: new Set() }

  constructor(os: Os, system: SystemFiles, stored: readonly StoredFile[] = [], options: FileOptions = {}) {
    this.windows = os === 'windows-11'
    this.system = system
    this.base = options.base ?? {}
    this.baseByName = new Map(this.windows ? Object.entries(this.base).map(([path, entry]) => [this.normal(path), entry]) : [])
    this.live = options.live ?? (() => ({}))
    this.now = options.now ?? (() => 0)
    this.owner = options.owner ?? 'root'
    this.load(stored)
  }

  /** Puts back what `save` gave: all that people wrote before is forgotten. */
  load(stored: readonly StoredFile[]): void {
    this.entries.clear()
    for (const [path, text, change] of stored) {
      const kind = change?.kind ?? 'file'
      const mode = change?.mode ?? FILE_MODE
      const owner = change?.owner ?? this.owner
      // Rows of before there were directories have files in ones that nobody made.
      if (change === undefined && !this.windows) this.makeParents(path)
      this.entries.set(this.normal(path), { path, text, kind, mode, owner, changed: change?.changed ?? 0 })
    }
  }

  private makeParents(path: string): void {
    for (let cut = path.indexOf('/', 1); cut > 0; cut = path.indexOf('/', cut + 1))
      if (!this.stat(path.slice(0, cut)))
        this.put(path.slice(0, cut), path, { text: '', kind: 'directory', mode: DIRECTORY_MODE })
  }

  // Looking

  read(path: string): string | undefined {
    const at = this.resolve(path)
    const entry = this.entries.get(at)
    if (entry) return entry.kind === 'file' ? entry.text : undefined
    return textOf(this.baseOf(at)) ?? this.systemOf(at)?.()
  }

  /** What stands at a path; with `follow` false, a link itself. */
  stat(path: string, follow = true): FileStat | undefined {
    const at = follow ? this.resolve(path) : this.resolveParent(path)
    const entry = this.entries.get(at)
    if (entry) {
      if (entry.kind === 'gone') return undefined
      const { kind, mode, owner, changed, text } = entry
      return {
        kind,
        mode,
        owner,
        changed,
        size: kind === 'directory' ? 4096 : text.length,
        ...(kind === 'link' ? { target: text } : {}),
      }
    }
    const base = this.baseOf(at)
    const found = { owner: this.ownerOf(at), changed: 0 }
    const text = textOf(base)
    if (text !== undefined) return { ...found, kind: 'file', mode: FILE_MODE, size: text.length }
    if (typeof base === 'object' && 'link' in base)
      return { ...found, kind: 'link', mode: 0o777, size: base.link.length, target: base.link }
    const system = this.systemOf(at)
    if (system)
      return {
        ...found,
        kind: 'file',
        mode: isKernels(at) && !at.startsWith('/proc/sys/') ? 0o444 : FILE_MODE,
        size: at.startsWith('/proc/') ? 0 : at.startsWith('/sys/') ? 4096 : system().length,
      }
    if (typeof base === 'object') return { ...found, kind: 'directory', mode: base.directory, size: 4096 }
    return this.folders(at).has(at) ? { ...found, kind: 'directory', mode: DIRECTORY_MODE, size: 4096 } : undefined
  }

  list(path: string): FileView[] | undefined {
    return this.inMoment(() => this.listNow(path))
  }

  private listNow(path: string): FileView[] | undefined {
    const at = this.resolve(path)
    if (this.stat(at)?.kind !== 'directory') return undefined
    const separator = this.separator
    const begin = at.endsWith(separator) ? at : at + separator
    const found = new Map<string, string>()
    const consider = (full: string) => {
      if (!this.normal(full).startsWith(begin)) return
      const rest = full.slice(begin.length)
      const cut = rest.indexOf(separator)
      const name = cut < 0 ? rest : rest.slice(0, cut)
      if (name !== '') found.set(this.normal(name), name)
    }
    for (const full of Object.keys(this.base)) consider(full)
    for (const full of Object.keys(this.system)) consider(full)
    if (!this.windows) for (const full of Object.keys(this.liveAt(at === '/' ? '/proc' : at))) consider(full)
    for (const entry of this.entries.values()) if (entry.kind !== 'gone') consider(entry.path)
    return [...found.values()]
      .flatMap((name) => {
        const stat = this.stat(begin + name)
        return stat || this.stat(begin + name, false)
          ? [{ name, directory: stat?.kind === 'directory', size: stat?.kind === 'file' ? stat.size : 0 }]
          : []
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
  }

  // Changing

  write(path: string, text: string): 'ok' | FileFault {
    const at = this.resolve(path)
    const fault = this.place(at, path, text.length)
    if (fault !== undefined) return fault
    const old = this.entries.get(at)
    if (old?.kind === 'file') {
      old.text = text
      old.changed = this.now()
    } else this.put(at, path, { text, kind: 'file', mode: FILE_MODE })
    return 'ok'
  }

  append(path: string, text: string): 'ok' | FileFault {
    return this.write(path, (this.read(path) ?? '') + text)
  }

  makeDirectory(path: string, mode = DIRECTORY_MODE): 'ok' | FileFault {
    const at = this.resolve(path)
    if (this.stat(at)) return 'exists'
    const fault = this.place(at, path, 0)
    if (fault === undefined) this.put(at, path, { text: '', kind: 'directory', mode })
    return fault ?? 'ok'
  }

  link(target: string, path: string): 'ok' | FileFault {
    const at = this.resolveParent(path)
    if (this.stat(at, false)) return 'exists'
    const fault = this.place(at, path, target.length)
    if (fault === undefined) this.put(at, path, { text: target, kind: 'link', mode: 0o777 })
    return fault ?? 'ok'
  }

  /** Removes a file, a link or an empty directory. */
  remove(path: string): 'ok' | FileFault {
    const at = this.resolveParent(path)
    const stat = this.stat(at, false)
    if (!stat) return 'not-found'
    if (this.kept(at) || at === this.separator) return 'access-denied'
    if (stat.kind === 'directory' && (this.list(at) ?? []).length > 0) return 'not-empty'
    this.entries.delete(at)
    if (this.baseOf(at) !== undefined || this.systemOf(at) || this.folders(at).has(at))
      this.entries.set(at, { path: at, text: '', kind: 'gone', mode: 0, owner: '', changed: this.now() })
    return 'ok'
  }

  /** Moves a file, a link, or a directory with all that is in it. What stood there is replaced, unless it is a directory. */
  rename(from: string, to: string): 'ok' | FileFault {
    const [old, at] = [this.resolveParent(from), this.resolveParent(to)]
    const stat = this.stat(old, false)
    if (!stat) return 'not-found'
    if (this.kept(old) || this.kept(at)) return 'access-denied'
    if (at === old) return 'ok'
    if (at.startsWith(old + this.separator)) return 'invalid'
    const there = this.stat(at, false)
    if (there?.kind === 'directory') return stat.kind === 'directory' ? 'not-empty' : 'is-directory'
    const fault = this.place(at, to, 0)
    if (fault !== undefined) return fault
    this.copyEntry(old, at, to, stat)
    if (stat.kind === 'directory') {
      for (const { name } of this.list(old) ?? []) {
        const moved = this.rename(old + this.separator + name, at + this.separator + name)
        if (moved !== 'ok') return moved
      }
    }
    return this.remove(old)
  }

  private copyEntry(old: string, at: string, path: string, stat: FileStat): void {
    const text = stat.kind === 'link' ? (stat.target ?? '') : stat.kind === 'file' ? (this.read(old) ?? '') : ''
    this.put(at, path, { text, kind: stat.kind, mode: stat.mode })
    const entry = this.entries.get(at) as Entry
    entry.changed = stat.changed
    entry.owner = stat.owner
  }

  /** Changes the permission bits, the owner, or the time of the last change; a file of the base becomes the machine's own. */
  change(path: string, change: { readonly mode?: number; readonly owner?: string; readonly touch?: boolean }): 'ok' | FileFault {
    const at = this.resolve(path)
    const stat = this.stat(at)
    if (!stat) return 'not-found'
    if (this.kept(at)) return 'access-denied'
    if (!this.entries.has(at)) {
      const fault = this.place(at, path, stat.size)
      if (fault !== undefined) return fault
      this.copyEntry(at, at, path, stat)
    }
    const entry = this.entries.get(at) as Entry
    if (change.mode !== undefined) entry.mode = change.mode & 0o7777
    if (change.owner !== undefined) entry.owner = change.owner
    if (change.touch) entry.changed = this.now()
    return 'ok'
  }

  /** Characters of all that people wrote. */
  get used(): number {
    let used = 0
    for (const entry of this.entries.values()) used += entry.text.length + entry.path.length
    return used
  }
  get limit(): number {
    return ALL_LIMIT
  }

  save(): StoredFile[] {
    return [...this.entries.values()].map(({ path, text, kind, mode, owner, changed }) => [
      path,
      text,
      { ...(kind === 'file' ? {} : { kind }), mode, owner, changed },
    ])
  }

  // Paths

  private get separator(): string {
    return this.windows ? '\\' : '/'
  }

  private normal(path: string): string {
    if (this.windows)
      return path
        .split('/')
        .join('\\')
        .replace(/\\{1,8}$/, '')
        .toLowerCase()
    return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
  }

  /** The path that a path means when links are followed. */
  private resolve(path: string): string {
    return this.walk(path, true)
  }
  private resolveParent(path: string): string {
    return this.walk(path, false)
  }

  private walk(path: string, last: boolean): string {
    if (this.windows) return this.normal(path)
    let parts = this.normal(path)
      .split('/')
      .filter((part) => part !== '' && part !== '.')
    let done = ''
    for (let links = 0; parts.length > 0; ) {
      const [part = '', ...rest] = parts
      parts = rest
      if (part === '..') {
        done = done.slice(0, Math.max(0, done.lastIndexOf('/')))
        continue
      }
      const next = `${done}/${part}`
      const target = rest.length > 0 || last ? this.linkAt(next) : undefined
      if (target === undefined || ++links > LINKS_LIMIT) done = next
      else {
        if (target.startsWith('/')) done = ''
        parts = [...target.split('/').filter((each) => each !== '' && each !== '.'), ...rest]
      }
    }
    return done === '' ? '/' : done
  }

  private linkAt(at: string): string | undefined {
    const entry = this.entries.get(at)
    if (entry) return entry.kind === 'link' ? entry.text : undefined
    const base = this.baseOf(at)
    return typeof base === 'object' && 'link' in base ? base.link : undefined
  }

  private baseOf(at: string): BaseEntry | undefined {
    if (this.windows) return this.baseByName.get(at)
    return Object.hasOwn(this.base, at) ? this.base[at] : undefined
  }

  private systemOf(at: string): (() => string) | undefined {
    if (!this.windows) return Object.hasOwn(this.system, at) ? this.system[at] : this.liveAt(at)[at]
    const name = Object.keys(this.system).find((each) => this.normal(each) === at)
    return name === undefined ? undefined : this.system[name]
  }

  private moment: SystemFiles | undefined
  private depth = 0

  /** What depends on the moment is made once for all that is looked at in it. */
  private inMoment<T>(look: () => T): T {
    this.depth++
    try {
      return look()
    } finally {
      if (--this.depth === 0) this.moment = undefined
    }
  }

  private liveAt(at: string): SystemFiles {
    if (!isKernels(at)) return {}
    if (this.depth === 0) return this.live()
    this.moment ??= this.live()
    return this.moment
  }

  /** Directories that are there because something is in them. */
  private folders(at: string): ReadonlySet<string> {
    if (isKernels(at)) return ancestors([...Object.keys(this.liveAt(at)), ...Object.keys(this.system)])
    const keys = [...Object.keys(this.system), ...Object.keys(this.base)]
    // On Windows nothing makes directories: those of written files are there too.
    const written = this.windows ? [...this.entries.values()].map((entry) => entry.path) : []
    if (this.implied.keys === keys.length + written.length && !this.windows) return this.implied.folders
    const folders = ancestors(
      [...keys, ...written].map((key) => this.normal(key)),
      this.separator,
    )
    this.implied = { keys: keys.length + written.length, folders }
    return folders
  }

  private ownerOf(at: string): string {
    return at === `/home/${this.owner}` || at.startsWith(`/home/${this.owner}/`) ? this.owner : 'root'
  }

  /** Made by the system, not to be changed by writing a file. */
  private kept(at: string): boolean {
    // People may write into `hosts`; what ICS writes beside it is written back.
    if (this.windows) return this.systemOf(at) !== undefined && !at.endsWith('\\hosts')
    return isKernels(at)
  }

  /** What speaks against so much text at a path. */
  private place(at: string, path: string, length: number): FileFault | undefined {
    if (this.kept(at)) return 'access-denied'
    if (path.length > 1024 || /[\0]/.test(path)) return 'invalid'
    const entry = this.entries.get(at)
    if (this.stat(at)?.kind === 'directory') return 'is-directory'
    if (!this.windows) {
      const parent = this.stat(at.slice(0, Math.max(1, at.lastIndexOf('/'))))
      if (parent === undefined) return 'not-found'
      if (parent.kind !== 'directory') return 'not-directory'
    }
    const fits = length <= FILE_LIMIT && this.used - (entry?.text.length ?? 0) + length <= ALL_LIMIT
    return fits && (entry !== undefined || this.entries.size < FILES_LIMIT) ? undefined : 'no-space'
  }

  private put(
    at: string,
    path: string,
    entry: { readonly text: string; readonly kind: 'file' | 'directory' | 'link'; readonly mode: number },
  ): void {
    const owner = this.windows ? this.owner : this.ownerOf(at) === 'root' && !at.startsWith('/tmp') ? 'root' : this.owner
    this.entries.set(at, { ...entry, path: this.windows ? path : at, owner, changed: this.now() })
  }
}
