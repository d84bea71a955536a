import { useCallback, useEffect } from 'react'
import { type Assignment, coursesApi, type VariantProof } from '../api/courses.ts'
import { useLoad } from '../api/use-load.ts'
import { Icon } from '../ui/icon.tsx'
import { Loaded } from './parts.tsx'

const REFRESH_MS = 3_000
const outcomes = {
  unsolved: 'the solution does not reach all points',
  'solved-at-start': 'it is solved at the start',
  wrong: 'the lab or its solution does not fit',
} as const

const MILLION = 1_000_000
const many = (capacity: number) =>
  capacity === 1 ? 'one variant' : `${capacity > MILLION ? 'more than a million' : capacity} different variants`

/** Whether the lab's own solution solves every variant: for those who teach. */
export function VariantProofSection({ assignment: { id } }: { readonly assignment: Assignment }) {
  const load = useLoad(useCallback(() => coursesApi.variants(id), [id]))
  const running = load.state === 'ready' && load.value.proof?.state === 'running'
  const { reload } = load
  useEffect(() => {
    if (!running) return
    const timer = setInterval(reload, REFRESH_MS)
    return () => clearInterval(timer)
  }, [running, reload])
  return (
    <section aria-labelledby="variants">
      <h2 id="variants">Variants</h2>
      <Loaded load={load} what="the variants">
        {({ proof }) => (proof === null ? <p>They are solved when the assignment is published.</p> : <Proof proof={proof} />)}
      </Loaded>
    </section>
  )
}

function Proof({ proof }: { readonly proof: NonNullable<VariantProof['proof']> }) {
  const { state, note, capacity, of, tried, proved, faults, without } = proof
  if (state === 'no-solution') return <p role="status">Not proved: the lab has no solution.</p>
  return (
    <>
      <p role="status">
        Proved {proved} of {of}: not solved at the start, and solved to full points by the lab’s own solution.
        {state === 'running' && ` ${tried} were tried so far.`}
        {state === 'failed' && ` It did not come to its end. ${note}`}
        {state === 'stopped' && ` ${note}`} The lab has {many(capacity)}.
      </p>
      {without.length > 0 && (
        <p>
          <strong>No variant was found for {without.join(', ')}.</strong> They cannot open the assignment until lab or solution
          are put right.
        </p>
      )}
      {faults.length > 0 && (
        <>
          <p>These were found and are given to nobody; who had drawn one gets another.</p>
          <ul className="finding-list">
            {faults.map(({ seed, holder, outcome, variant, missed }) => (
              <li key={`${seed} ${holder}`} className="blocks">
                <Icon name="warn" />
                <span>
                  <strong>
                    Seed {seed}
                    {holder !== null && `, drawn for ${holder}`}: {outcomes[outcome]}
                  </strong>
                  <br />
                  {missed.length > 0 && (
                    <>
                      {missed.join('; ')}
                      <br />
                    </>
                  )}
                  <small className="quiet-text">{variant.map(({ name, value }) => `${name} = ${value}`).join(', ')}</small>
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
