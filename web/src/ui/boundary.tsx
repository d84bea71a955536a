import { Component, type ReactNode } from 'react'
import { Button } from './button.tsx'
import { Notice } from './notice.tsx'

type Props = { readonly children: ReactNode }

/** A part of the page that broke says so in its place instead of taking the rest along. */
export class Boundary extends Component<Props, { readonly broken: boolean }> {
  override state = { broken: false }

  static getDerivedStateFromError() {
    return { broken: true }
  }

  override render() {
    if (!this.state.broken) return this.props.children
    return (
      <Notice title="This part of the page stopped working" tone="fail" centre>
        <p>The lab itself is not affected. Loading the page again brings it back.</p>
        <Button onClick={() => window.location.reload()}>Load again</Button>
      </Notice>
    )
  }
}
