const KEPT = 400_000
/** Cutting copies the text, so it is not done for every line. */
const MOST = 500_000

type Listener = { readonly append: (text: string) => void; readonly replace: (text: string) => void }

/** What stands in one terminal. Text that arrives while no terminal is drawn waits here. */
export class Transcript {
  #text = ''
  readonly #listeners = new Set<Listener>()

  get text(): string {
    return this.#text
  }

  append(text: string): void {
    this.#text = cut(this.#text + text)
    for (const listener of this.#listeners) listener.append(text)
  }

  /** The lab's own memory of the terminal, at the start and after a reconnect. */
  replace(text: string): void {
    if (this.#text === text || (text !== '' && this.#text.endsWith(text))) return
    const more = this.#text !== '' && text.startsWith(this.#text) ? text.slice(this.#text.length) : null
    this.#text = cut(text)
    for (const listener of this.#listeners) {
      if (more === null) listener.replace(text)
      else listener.append(more)
    }
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}

/** From the start of a line, so that no escape sequence is cut through. */
function cut(text: string): string {
  if (text.length <= MOST) return text
  const from = text.indexOf('\n', text.length - KEPT)
  return text.slice(from < 0 ? -KEPT : from + 1)
}
