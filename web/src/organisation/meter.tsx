type Props = { readonly label: string; readonly used: number; readonly most: number; readonly bytes?: boolean }

export function bytesText(bytes: number): string {
  if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GiB`
  if (bytes >= 1024 ** 2) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`
  return `${Math.round(bytes / 1024)} KiB`
}

const numberText = (value: number) => value.toLocaleString('en', { maximumFractionDigits: 2 })

/** How much of what there may be is used; in words too, so that it is not told by length or colour alone. */
export function Meter({ label, used, most, bytes = false }: Props) {
  const text = bytes ? bytesText : numberText
  const full = most > 0 && used >= most
  const high = most > 0 && used >= most * 0.8
  return (
    <div className="meter-row">
      <span>{label}</span>
      <meter min={0} max={Math.max(most, 1)} value={Math.min(used, most)} high={most * 0.8} aria-label={label} />
      <span className={full ? 'meter-full' : undefined}>
        {text(used)} of {text(most)}
        {full ? ', used up' : high ? ', nearly used up' : ''}
      </span>
    </div>
  )
}
