import type { LabClient } from '../lab-client.ts'
import { type ConsoleView, selfOf } from '../lab-state.ts'
import { mayType } from '../owner/owner-words.ts'
import { type Key, readKeys } from './keys.ts'
import { commonPrefix, edit, emptyLine, HistoryWalk, type Line } from './line-editor.ts'
import type { Input } from './screen.ts'

export type Choice = { readonly candidates: readonly string[]; readonly at: number }

type Outlets = {
  readonly show: (input: Input) => void
  readonly clearScreen: () => void
  readonly choices: (choice: Choice | null) => void
  readonly leave: () => void
}

/** One person's typing at one console: keys in, commands to the lab, the unfinished line to the screen. */
export class Typing {
  #line: Line = emptyLine
  /** Sent, but not yet echoed by the lab. */
  #sent: string | null = null
  #offered: { readonly before: string; readonly after: string; readonly candidates: readonly string[]; at: number } | null = null
  readonly #history = new HistoryWalk()
  readonly #lab: LabClient
  readonly #console: string
  readonly #out: Outlets

  constructor(lab: LabClient, console: string, out: Outlets) {
    this.#lab = lab
    this.#console = console
    this.#out = out
  }

  keys(data: string): void {
    if (this.#blocked()) return
    for (const key of readKeys(data)) this.#key(key)
    this.redraw()
    this.#lab.focus(this.#console, this.#line.text)
  }

  /** Text from outside, such as a command out of the brief. */
  insert(text: string): void {
    if (this.#blocked()) return
    this.#line = edit(this.#line, { kind: 'set', text })
    this.redraw()
    this.#lab.focus(this.#console, this.#line.text)
  }

  /** The lab's text came: it contains the line that was sent. */
  echoed(): void {
    this.#sent = null
    this.redraw()
  }

  redraw(): void {
    const view = this.#view()
    if (view === undefined) return
    const prompt = view.busy ? '' : view.prompt
    if (this.#blocked()) this.#out.show({ prompt, text: view.draft, at: view.draft.length, dim: true })
    else if (this.#sent !== null) this.#out.show({ prompt, text: this.#sent, at: this.#sent.length, dim: true })
    else this.#out.show({ prompt, text: this.#line.text, at: this.#line.at, dim: false })
  }

  get draft(): string {
    return this.#line.text
  }

  #view(): ConsoleView | undefined {
    return this.#lab.state.get().consoles.get(this.#console)
  }

  #blocked(): boolean {
    const state = this.#lab.state.get()
    const view = this.#view()
    if (!mayType(selfOf(state))) return true
    const taken = view?.owner?.id ?? view?.typist ?? null
    return taken !== null && taken !== state.you
  }

  #key(key: Key): void {
    if (key.kind === 'tab' || key.kind === 'back-tab') return this.#tab(key.kind === 'tab' ? 1 : -1)
    this.#offer(null)
    switch (key.kind) {
      case 'edit':
        this.#line = edit(this.#line, key.edit)
        this.#history.end()
        return
      case 'enter':
        return this.#enter()
      case 'up':
        return this.#recall(this.#history.up(this.#view()?.history ?? [], this.#line.text))
      case 'down':
        return this.#recall(this.#history.down(this.#view()?.history ?? []))
      case 'interrupt':
        this.#line = emptyLine
        // What was just entered may be running although the lab has not said so yet.
        if (this.#view()?.busy === true || this.#sent !== null) this.#lab.interrupt(this.#console)
        return
      case 'end-of-input':
        // Ctrl-D: the end of what a running command reads, when nothing is typed yet; else it deletes.
        if (this.#line.text !== '') this.#line = edit(this.#line, { kind: 'delete' })
        else if (this.#view()?.busy === true) this.#lab.exec(this.#console, '\x04', () => this.echoed())
        return
      case 'suspend':
        if (this.#view()?.busy === true) this.#lab.exec(this.#console, '\x1a', () => this.echoed())
        return
      case 'clear-screen':
        return this.#out.clearScreen()
      case 'escape':
        if (this.#line.text === '') this.#out.leave()
        this.#line = emptyLine
        return
      default:
        key.kind satisfies never
    }
  }

  #enter(): void {
    const { text } = this.#line
    this.#sent = text
    this.#lab.exec(this.#console, text, (refused) => {
      if (refused && this.#line.text === '') this.#line = edit(emptyLine, { kind: 'set', text })
      this.echoed()
    })
    this.#line = emptyLine
    this.#history.end()
  }

  #recall(text: string | null): void {
    if (text !== null) this.#line = edit(this.#line, { kind: 'set', text })
  }

  /** First as far as all candidates agree, then one after the other. */
  #tab(step: 1 | -1): void {
    const offered = this.#offered
    if (offered !== null) {
      offered.at = (offered.at + step + offered.candidates.length) % offered.candidates.length
      this.#place(offered.before, offered.candidates[offered.at], offered.after)
      this.#out.choices({ candidates: offered.candidates, at: offered.at })
      return
    }
    const asked = this.#line
    void this.#lab.complete(this.#console, asked.text.slice(0, asked.at)).then(({ from, candidates }) => {
      if (this.#line !== asked || candidates.length === 0) return
      const before = asked.text.slice(0, from)
      const after = asked.text.slice(asked.at)
      const common = candidates.length === 1 ? candidates[0] : commonPrefix(candidates)
      if (common.length > asked.at - from || candidates.length === 1) this.#place(before, common, after)
      if (candidates.length > 1) this.#offer({ before, after, candidates, at: -1 })
      this.redraw()
      this.#lab.focus(this.#console, this.#line.text)
    })
  }

  #place(before: string, word: string, after: string): void {
    this.#line = { text: before + word + after, at: before.length + word.length }
  }

  #offer(offered: { before: string; after: string; candidates: readonly string[]; at: number } | null): void {
    if (offered === null && this.#offered === null) return
    this.#offered = offered
    this.#out.choices(offered === null ? null : { candidates: offered.candidates, at: offered.at })
  }
}
