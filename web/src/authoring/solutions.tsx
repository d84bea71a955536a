import { lazy, type Ref, useState } from 'react'
import type { Solution, TextFault } from '../api/authoring.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import type { EditorHandle } from './code-editor.tsx'
import { SolveReport } from './solve-report.tsx'

const CodeEditor = lazy(() => import('./code-editor.tsx'))
const MOST = 6

type Props = {
  readonly solutions: readonly Solution[]
  readonly chosen: number
  readonly faults: readonly TextFault[]
  readonly onChoose: (nth: number) => void
  readonly onChange: (solutions: readonly Solution[]) => void
  readonly handle: Ref<EditorHandle>
  readonly id: string
  readonly seed: number
  readonly onSave: () => Promise<boolean>
}

const begin = '# What somebody types who solves the lab, one line each: `machine> command`.\n'

/** Scripts that solve the lab. Students never see them. */
export function Solutions({ solutions, chosen, faults, onChoose, onChange, handle, id, seed, onSave }: Props) {
  const [name, setName] = useState('')
  const wrong =
    name === '' || /^[a-z0-9][a-z0-9-]{0,39}$/.test(name)
      ? solutions.some((one) => one.name === name)
        ? 'There is one of this name.'
        : ''
      : 'Small letters, digits and hyphens.'
  const current = solutions[Math.min(chosen, solutions.length - 1)]
  const add = () => {
    onChange([...solutions, { name: name === '' ? 'solution' : name, text: begin }])
    onChoose(solutions.length)
    setName('')
  }
  const taken = name === '' && solutions.some((one) => one.name === 'solution')
  return (
    <div className="solutions">
      <div className="solutions-bar">
        {solutions.map((one, nth) => (
          <Button key={one.name} small aria-pressed={one === current} onClick={() => onChoose(nth)}>
            {one.name}
          </Button>
        ))}
        {solutions.length < MOST && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              if (wrong === '' && !taken) add()
            }}
          >
            <input
              className="field small mono"
              aria-label="Name of a new solution"
              aria-invalid={wrong !== ''}
              placeholder="solution"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
            <Button small type="submit" disabled={wrong !== '' || taken}>
              <Icon name="plus" size={12} /> Add a solution
            </Button>
          </form>
        )}
        {wrong !== '' && (
          <span className="side-note" role="alert">
            {wrong}
          </span>
        )}
        <span className="grow" />
        {current !== undefined && (
          <Button
            small
            quiet
            aria-label={`Remove the solution ${current.name}`}
            onClick={() => {
              onChange(solutions.filter((one) => one !== current))
              onChoose(0)
            }}
          >
            <Icon name="trash" size={13} /> Remove
          </Button>
        )}
      </div>
      {current === undefined ? (
        <div className="solutions-none">
          <h3>No solution yet</h3>
          <p>
            A solution is a script, one line each: <code>pc&gt; ipconfig</code>. It shows that the lab can be solved, and stays
            hidden from students.
          </p>
        </div>
      ) : (
        <div className="solutions-text">
          <CodeEditor
            key={current.name}
            label={`Solution ${current.name}`}
            language="text"
            value={current.text}
            faults={faults.filter(({ file }) => file === current.name)}
            onChange={(text) => onChange(solutions.map((one) => (one.name === current.name ? { name: one.name, text } : one)))}
            handle={handle}
          />
          <SolveReport key={`report ${current.name}`} id={id} solution={current.name} seed={seed} onSave={onSave} />
        </div>
      )}
    </div>
  )
}
