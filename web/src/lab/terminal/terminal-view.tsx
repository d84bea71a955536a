import '@xterm/xterm/css/xterm.css'
import { useEffect, useRef, useState } from 'react'
import { useTheme } from '../../ui/theme.ts'
import { useLab } from '../lab-context.ts'
import { Screen } from './screen.ts'
import { type Choice, Typing } from './typing.ts'

type Props = {
  readonly console: string
  readonly label: string
  readonly active: boolean
  readonly onChoices: (choice: Choice | null) => void
  /** Escape on an empty line: the keyboard leaves the terminal. */
  readonly onLeave: () => void
}

export default function TerminalView({ console, label, active, onChoices, onLeave }: Props) {
  const lab = useLab()
  const { shown } = useTheme()
  const host = useRef<HTMLDivElement>(null)
  const inner = useRef<HTMLDivElement>(null)
  const [screen, setScreen] = useState<Screen | null>(null)
  const [typing, setTyping] = useState<Typing | null>(null)
  const outlets = useRef({ onChoices, onLeave })
  outlets.current = { onChoices, onLeave }

  useEffect(() => {
    const view = new Screen(label)
    const keys = new Typing(lab, console, {
      show: (input) => view.show(input),
      clearScreen: () => view.clear(),
      choices: (choice) => outlets.current.onChoices(choice),
      leave: () => outlets.current.onLeave(),
    })
    view.open(host.current!, inner.current!)
    const transcript = lab.transcript(console)
    view.append(transcript.text)
    keys.redraw()
    const data = view.term.onData((text) => keys.keys(text))
    const stop = [
      lab.state.subscribe(() => keys.redraw()),
      transcript.listen({
        append: (text) => {
          view.append(text)
          keys.echoed()
        },
        replace: (text) => {
          view.replace(text)
          keys.echoed()
        },
      }),
      lab.offer(console, {
        insert(text) {
          keys.insert(text)
          view.term.focus()
        },
        focus: () => view.term.focus(),
      }),
    ]
    const size = new ResizeObserver(() => view.resize())
    size.observe(host.current!)
    setScreen(view)
    setTyping(keys)
    return () => {
      size.disconnect()
      for (const end of stop) end()
      data.dispose()
      view.dispose()
    }
  }, [lab, console, label])

  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the page when the theme has changed
  useEffect(() => screen?.retheme(), [screen, shown])

  useEffect(() => {
    if (!active || screen === null || typing === null) return
    screen.resize()
    screen.term.focus()
    lab.focus(console, typing.draft)
  }, [active, screen, typing, lab, console])

  return (
    <div ref={host} className="terminal-host" hidden={!active}>
      <div ref={inner} />
    </div>
  )
}
