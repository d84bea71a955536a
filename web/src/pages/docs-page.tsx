import 'swagger-ui-dist/swagger-ui.css'
import { useEffect, useRef } from 'react'
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import './docs-page.css'

/** The HTTP interface, read from the document that the service makes out of the schemas it validates with. */
export default function DocsPage() {
  const place = useRef<HTMLElement>(null)
  useEffect(() => {
    document.title = 'HTTP interface · Switchroom'
    SwaggerUI({
      url: '/openapi.json',
      domNode: place.current!,
      deepLinking: true,
      displayRequestDuration: true,
      filter: true,
      // Of more than a hundred open operations the viewer draws only those on the screen, where the browser's own search finds no others.
      docExpansion: 'none',
    })
  }, [])
  return (
    <div className="docs">
      <header className="docs-header">
        <a href="/">Switchroom</a> <span>HTTP interface, version 1</span>
      </header>
      <main ref={place} />
    </div>
  )
}
