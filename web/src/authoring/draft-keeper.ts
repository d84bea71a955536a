import { authoring, type Draft, type Solution, type Texts } from '../api/authoring.ts'
import { Problem } from '../api/http.ts'
import { createStore, type Store } from '../ui/store.ts'

export type SaveState = 'saved' | 'dirty' | 'saving' | 'failed' | 'conflict'
export type DraftState = {
  readonly texts: Texts
  readonly state: SaveState
  /** What the service said when it did not save. */
  readonly message: string
  readonly savedAt: string
  /** Goes up when the texts were replaced from outside of the editors. */
  readonly loaded: number
}
type Save = typeof authoring.save

const QUIET_MS = 1_200
const RETRY_MS = 5_000

const same = (one: Texts, other: Texts) =>
  one === other ||
  (one.definition === other.definition &&
    one.brief === other.brief &&
    one.solutions.length === other.solutions.length &&
    one.solutions.every(({ name, text }, at) => name === other.solutions[at].name && text === other.solutions[at].text))

const textsOf = ({ definition, brief, solutions }: Draft): Texts => ({ definition, brief, solutions })

/** What is being written, and how it gets to the service: a moment after the last key, one save at a time. */
export class DraftKeeper {
  readonly store: Store<DraftState>
  private readonly id: string
  private readonly send: Save
  private revision: number
  private kept: Texts
  private timer: ReturnType<typeof setTimeout> | undefined
  private running: Promise<boolean> | null = null

  constructor(id: string, draft: Draft, send: Save = authoring.save) {
    this.id = id
    this.send = send
    this.revision = draft.revision
    this.kept = textsOf(draft)
    this.store = createStore<DraftState>({
      ...{ texts: this.kept, state: 'saved', message: '', savedAt: draft.savedAt, loaded: 0 },
    })
  }

  get read(): number {
    return this.revision
  }

  change(part: { definition?: string; brief?: string; solutions?: readonly Solution[] }): void {
    const { texts, state } = this.store.get()
    const next = { ...texts, ...part }
    if (same(next, texts)) return
    this.store.update({ texts: next, ...(state === 'conflict' || state === 'saving' ? {} : { state: 'dirty' }) })
    if (state !== 'conflict') this.later(QUIET_MS)
  }

  /** Saves what is not saved; true when all is. */
  async flush(): Promise<boolean> {
    clearTimeout(this.timer)
    if (this.running !== null) await this.running
    const { texts, state } = this.store.get()
    if (state === 'conflict') return false
    if (same(texts, this.kept)) {
      this.store.update({ state: 'saved' })
      return true
    }
    this.running ??= this.save(texts)
    return this.running
  }

  /** After a conflict: my texts over the ones that somebody else has saved. */
  overwrite(theirs: Draft): Promise<boolean> {
    this.revision = theirs.revision
    this.kept = textsOf(theirs)
    this.store.update({ state: 'dirty', message: '' })
    return this.flush()
  }

  /** Another text takes the place of what is here: after a conflict, or when a version was restored. */
  replace(draft: Draft): void {
    clearTimeout(this.timer)
    this.revision = draft.revision
    this.kept = textsOf(draft)
    const { loaded } = this.store.get()
    this.store.set({ texts: this.kept, state: 'saved', message: '', savedAt: draft.savedAt, loaded: loaded + 1 })
  }

  /** The page is left: what is not saved goes now. */
  close(): void {
    clearTimeout(this.timer)
    if (!same(this.store.get().texts, this.kept)) void this.flush()
    clearTimeout(this.timer)
  }

  private later(after: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.flush(), after)
  }

  private async save(texts: Texts): Promise<boolean> {
    this.store.update({ state: 'saving', message: '' })
    try {
      const { revision, savedAt } = await this.send(this.id, this.revision, texts)
      this.revision = revision
      this.kept = texts
      const done = same(this.store.get().texts, texts)
      this.store.update({ state: done ? 'saved' : 'dirty', savedAt })
      if (!done) this.later(QUIET_MS)
      return done
    } catch (error) {
      const { message } = error as Error
      const conflict = error instanceof Problem && error.code === 'draft-changed'
      this.store.update({ state: conflict ? 'conflict' : 'failed', message })
      // Too large or not allowed does not change by itself; a broken line does.
      const passing = !(error instanceof Problem) || error.status === 0 || error.status === 429 || error.status >= 500
      if (!conflict && passing) this.later(RETRY_MS)
      return false
    } finally {
      this.running = null
    }
  }
}
