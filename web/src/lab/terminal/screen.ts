import { FitAddon } from '@xterm/addon-fit'
import { type ITheme, Terminal } from '@xterm/xterm'

/** The unfinished line under the text of a terminal. `dim`: somebody else's. */
export type Input = { readonly prompt: string; readonly text: string; readonly at: number; readonly dim: boolean }

/** The width that shells format for. A narrower pane is scrolled sideways, as breaking tables would make them unreadable. */
const COLUMNS = 120
const SGR = /\x1b\[[0-9;]*m/g
const lines = (text: string) => text.replace(/\r?\n/g, '\r\n')

/**
 * Terminal text comes from the lab; the unfinished line is drawn below it and taken away again before more text comes, so
 * that everybody's text stays the same while each types for himself.
 */
export class Screen {
  readonly term: Terminal
  readonly #fit = new FitAddon()
  #input: Input = { prompt: '', text: '', at: 0, dim: false }
  #writing = 0
  /** Where the lab's text ended, and how many rows below that the cursor stands now; -1 while no input is drawn. */
  #column = 0
  #below = -1

  constructor(label: string) {
    this.term = new Terminal({
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      fontSize: 12,
      lineHeight: 1.2,
      scrollback: 5_000,
      cursorBlink: false,
      cursorStyle: 'bar',
      cursorWidth: 2,
      cursorInactiveStyle: 'outline',
      screenReaderMode: true,
      theme: terminalTheme(),
    })
    this.term.loadAddon(this.#fit)
    // Lab text may colour itself, nothing more: no links, no title, no clipboard.
    for (const code of [0, 2, 8, 52]) this.term.parser.registerOscHandler(code, () => true)
    this.term.attachCustomKeyEventHandler((event) => !leftToBrowser(event, this.term.hasSelection()))
    this.#label = label
  }

  readonly #label: string
  #scroller: HTMLElement | null = null

  /** In `element`, which `scroller` shows a part of when it is narrow. */
  open(scroller: HTMLElement, element: HTMLElement): void {
    this.#scroller = scroller
    this.term.open(element)
    this.term.textarea?.setAttribute('aria-label', this.#label)
    const size = this.#wanted()
    if (size !== null) this.term.resize(size.cols, size.rows)
  }

  append(text: string): void {
    this.#write(this.#erase() + lines(text))
  }

  replace(text: string): void {
    this.#below = -1
    this.term.reset()
    this.#write(lines(text))
  }

  show(input: Input): void {
    this.#input = input
    this.#draw()
  }

  /** Ctrl-L: the view begins anew; the text stays above in the scrollback. */
  clear(): void {
    this.#write(`${this.#erase()}${'\r\n'.repeat(this.term.rows)}\x1b[H`)
  }

  /** The line is drawn again after the reflow, because rows have changed under it. */
  resize(): void {
    const size = this.#wanted()
    if (size === null || (size.cols === this.term.cols && size.rows === this.term.rows)) return
    this.#write(this.#erase(), () => this.term.resize(size.cols, size.rows))
  }

  #wanted(): { readonly cols: number; readonly rows: number } | null {
    const size = this.#fit.proposeDimensions()
    if (size === undefined || Number.isNaN(size.cols) || Number.isNaN(size.rows)) return null
    return { cols: Math.max(size.cols, COLUMNS), rows: size.rows }
  }

  retheme(): void {
    this.term.options.theme = terminalTheme()
  }

  dispose(): void {
    this.term.dispose()
  }

  #write(data: string, after?: () => void): void {
    this.#writing += 1
    this.term.write(data, () => {
      after?.()
      this.#writing -= 1
      if (this.#writing > 0) return
      this.#column = this.term.buffer.active.cursorX
      this.#draw()
    })
  }

  #erase(): string {
    if (this.#below < 0) return ''
    const up = this.#below > 0 ? `\x1b[${this.#below}A` : ''
    this.#below = -1
    return `${up}\x1b[${this.#column + 1}G\x1b[J`
  }

  #draw(): void {
    if (this.#writing > 0) return
    const { prompt, text, at, dim } = this.#input
    const { cols } = this.term
    const ownRow = prompt !== '' && this.#column > 0
    const from = (ownRow ? 0 : this.#column) + prompt.replace(SGR, '').length
    const end = from + text.length
    const cursor = from + at
    // Written to the last column, a terminal waits there; a space and a step back bring it to the next row.
    const settle = end > 0 && end % cols === 0 ? ' \b' : ''
    const rows = Math.floor(end / cols) - Math.floor(cursor / cols)
    const back = `${rows > 0 ? `\x1b[${rows}A` : ''}\x1b[${(cursor % cols) + 1}G`
    const body = dim ? `\x1b[2m${text}\x1b[22m` : text
    const data = `${this.#erase()}${ownRow ? '\r\n' : ''}${prompt}\x1b[0m${body}${settle}${back}`
    this.#below = Math.floor(cursor / cols) + (ownRow ? 1 : 0)
    this.term.write(data, () => this.#follow())
  }

  /** Sideways, the cursor stays in view. */
  #follow(): void {
    const width = this.term.element?.querySelector<HTMLElement>('.xterm-screen')?.offsetWidth ?? 0
    if (this.#scroller === null || width === 0) return
    const at = (width / this.term.cols) * this.term.buffer.active.cursorX
    const { clientWidth, scrollLeft } = this.#scroller
    if (at < scrollLeft || at > scrollLeft + clientWidth - 24) this.#scroller.scrollLeft = Math.max(0, at - clientWidth + 96)
  }
}

/** Copying with a selection, pasting, and the browser's own search stay with the browser. */
function leftToBrowser(event: KeyboardEvent, selected: boolean): boolean {
  const key = event.key.toLowerCase()
  if (event.ctrlKey && !event.altKey && (key === 'v' || (key === 'c' && (selected || event.shiftKey)))) return true
  return event.key === 'F6' || (event.metaKey && key !== 'k')
}

function terminalTheme(): ITheme {
  const style = getComputedStyle(document.documentElement)
  const read = (name: string) => style.getPropertyValue(name).trim()
  return {
    background: read('--term-bg'),
    foreground: read('--term-ink'),
    cursor: read('--accent'),
    cursorAccent: read('--term-bg'),
    scrollbarSliderBackground: `${read('--ink-3')}40`,
    scrollbarSliderHoverBackground: `${read('--ink-3')}70`,
    scrollbarSliderActiveBackground: `${read('--ink-3')}90`,
    selectionBackground: read('--select'),
    selectionForeground: read('--ink'),
    red: read('--fail'),
    brightRed: read('--fail'),
    yellow: read('--warn'),
    brightYellow: read('--warn'),
    green: read('--pass'),
    brightGreen: read('--pass'),
    blue: read('--p-dns'),
    brightBlue: read('--p-dns'),
    cyan: read('--accent'),
    brightCyan: read('--accent'),
    magenta: read('--p-udp'),
    brightMagenta: read('--p-udp'),
  }
}
