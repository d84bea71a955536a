import './loading.css'

export function Loading({ text }: { readonly text: string }) {
  return (
    <div className="loading" role="status">
      <span className="loading-wire" aria-hidden="true">
        <i />
      </span>
      {text}…
    </div>
  )
}
