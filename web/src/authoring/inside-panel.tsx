import type { Inside } from '../api/authoring.ts'

type Props = { readonly inside: Inside | null; readonly seed: number; readonly onSeed: (seed: number) => void }

const HIGHEST = 4_294_967_295

/** What the definition amounts to. */
export function InsidePanel({ inside, seed, onSeed }: Props) {
  if (inside === null) {
    return (
      <section className="side-block" aria-label="What is in it">
        <h2>In this lab</h2>
        <p className="side-note">Shown when nothing is wrong with the definition.</p>
      </section>
    )
  }
  return (
    <section className="side-block" aria-label="What is in it">
      <h2>In this lab</h2>
      <h3>
        {inside.checks.length} {inside.checks.length === 1 ? 'check' : 'checks'}, {inside.points} points
      </h3>
      <ul className="inside-list">
        {inside.checks.map(({ id, title, points }) => (
          <li key={id}>
            <span>{title}</span>
            <b>{points}</b>
          </li>
        ))}
      </ul>
      {inside.variants > 1 && (
        <>
          <h3>{inside.variants.toLocaleString('en-GB')} variants</h3>
          <label className="seed-field">
            Seed
            <input
              className="field small mono"
              type="number"
              min={0}
              max={HIGHEST}
              value={seed}
              onChange={(event) => onSeed(Math.min(Math.max(Math.trunc(Number(event.target.value)) || 0, 0), HIGHEST))}
            />
          </label>
          <ul className="inside-list" aria-label={`Values of seed ${seed}`}>
            {inside.values.map(({ name, value, title }) => (
              <li key={name}>
                <code>{name}</code>
                <span className="mono">{title === '' || title === value ? value : `${value}: ${title}`}</span>
              </li>
            ))}
          </ul>
        </>
      )}
      <h3>{inside.machines.length} machines</h3>
      <p className="side-note">{inside.machines.map(({ name }) => name).join(', ')}</p>
    </section>
  )
}
