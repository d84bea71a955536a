import type { Person } from '../../../durable/protocol.ts'
import { Popover } from '../ui/popover.tsx'
import { useLabState } from './lab-context.ts'
import { machineOf } from './lab-state.ts'

const SHOWN = 4

const initials = (name: string) =>
  name
    .split(/\s+/)
    .filter((part) => part !== '')
    .slice(0, 2)
    .map((part) => [...part][0].toUpperCase())
    .join('')

function doing(person: Person, labels: ReadonlyMap<string, string>): string {
  if (person.watching === true) return 'only watches'
  if (person.console === null) return 'looking on'
  const machine = machineOf(person.console)
  return `${person.typing ? 'typing on' : 'at'} ${labels.get(machine) ?? machine}`
}

export function Presence() {
  const people = useLabState((state) => state.people)
  const you = useLabState((state) => state.you)
  const topology = useLabState((state) => state.topology)
  const labels = new Map(topology?.nodes.map((one) => [one.name, one.label]))
  const sorted = [...people].sort((a, b) => Number(b.id === you) - Number(a.id === you) || (a.name < b.name ? -1 : 1))
  return (
    <ul className="presence" aria-label="People in this lab">
      {sorted.slice(0, SHOWN).map((person) => (
        <li key={person.id} className={person.typing ? 'typing' : ''} title={`${person.name}, ${person.role}`}>
          <span className="initials" aria-hidden="true">
            {initials(person.name)}
          </span>
          <span className="who">
            {person.id === you ? 'You' : person.name}
            <small>{doing(person, labels)}</small>
          </span>
        </li>
      ))}
      {sorted.length > SHOWN && (
        <li className="everybody">
          <Popover label={`and ${sorted.length - SHOWN} more`} name="Everybody in this lab" quiet>
            {() => (
              <ul>
                {sorted.map((person) => (
                  <li key={person.id}>
                    <strong>{person.id === you ? `${person.name} (you)` : person.name}</strong>
                    <small>
                      {person.role}, {doing(person, labels)}
                    </small>
                  </li>
                ))}
              </ul>
            )}
          </Popover>
        </li>
      )}
    </ul>
  )
}
