type Props<T extends string | number> = {
  readonly label: string
  readonly value: T
  readonly options: readonly (readonly [T, string])[]
  readonly onChoose: (value: T) => void
}

/** One of a few, with its label. */
export const Choose = <T extends string | number>({ label, value, options, onChoose }: Props<T>) => (
  <label>
    {label}
    <select
      className="field"
      value={value}
      onChange={(event) => {
        const chosen = options.find(([one]) => String(one) === event.target.value)
        if (chosen !== undefined) onChoose(chosen[0])
      }}
    >
      {options.map(([one, words]) => (
        <option key={one} value={one}>
          {words}
        </option>
      ))}
    </select>
  </label>
)
