import { acceptCompletion, autocompletion, type CompletionContext, completionKeymap } from '@codemirror/autocomplete'
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { yaml } from '@codemirror/lang-yaml'
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from '@codemirror/language'
import { type Diagnostic, lintGutter, lintKeymap, setDiagnostics } from '@codemirror/lint'
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search'
import { EditorState, type Extension } from '@codemirror/state'
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
} from '@codemirror/view'
import { tags } from '@lezer/highlight'
import { type Ref, useEffect, useImperativeHandle, useRef } from 'react'
import type { TextFault } from '../api/authoring.ts'
import { aboutField, offersAt, type Schema } from './lab-schema.ts'
import { placeAt } from './yaml-place.ts'

export type EditorHandle = { goTo(line: number): void }
type Props = {
  /** What a screen reader calls it. */
  readonly label: string
  readonly language: 'yaml' | 'text'
  readonly value: string
  readonly readOnly?: boolean
  readonly faults: readonly TextFault[]
  readonly schema?: Schema | null
  readonly onChange: (text: string) => void
  readonly handle?: Ref<EditorHandle>
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: 'var(--accent)' },
  { tag: [tags.string, tags.special(tags.string)], color: 'var(--p-dns)' },
  { tag: [tags.comment, tags.lineComment], color: 'var(--ink-3)', fontStyle: 'italic' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--p-udp)' },
  { tag: [tags.separator, tags.punctuation, tags.squareBracket, tags.brace], color: 'var(--ink-2)' },
])

const look = EditorView.theme({
  '&': { height: '100%', backgroundColor: 'var(--term-bg)', color: 'var(--ink)', fontSize: 'var(--t2)' },
  '&.cm-focused': { outline: '2px solid var(--focus)', outlineOffset: '-2px' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '1.55' },
  '.cm-content': { caretColor: 'var(--ink)', padding: '8px 0' },
  '.cm-cursor': { borderLeftColor: 'var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--sunken)', color: 'var(--ink-3)', borderRight: '1px solid var(--line)' },
  '.cm-activeLine, .cm-activeLineGutter': { backgroundColor: 'color-mix(in srgb, var(--accent) 7%, transparent)' },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'var(--select)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line-strong)',
    borderRadius: 'var(--radius)',
    backgroundColor: 'var(--raised)',
    color: 'var(--ink)',
    boxShadow: 'var(--shadow)',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { backgroundColor: 'var(--accent)', color: 'var(--accent-ink)' },
  '.cm-completionInfo, .cm-about': { maxWidth: '340px', padding: '6px 10px', fontFamily: 'var(--sans)', fontSize: 'var(--t1)' },
  '.cm-completionDetail': { color: 'var(--ink-3)', fontStyle: 'normal' },
  'li[aria-selected] .cm-completionDetail': { color: 'inherit' },
  '.cm-diagnostic': { fontFamily: 'var(--sans)' },
  '.cm-diagnostic-error': { borderLeftColor: 'var(--fail)' },
  '.cm-lint-marker': { width: '0.9em', height: '0.9em' },
  '.cm-panels': { backgroundColor: 'var(--panel)', color: 'var(--ink)', borderColor: 'var(--line)' },
  '.cm-textfield': { backgroundColor: 'var(--raised)', borderColor: 'var(--line-strong)' },
  '.cm-button': { backgroundImage: 'none', backgroundColor: 'var(--raised)', borderColor: 'var(--line-strong)' },
  '.cm-searchMatch': { backgroundColor: 'var(--warn-soft)' },
  '.cm-selectionMatch, .cm-searchMatch-selected': { backgroundColor: 'var(--select)' },
})

/** Names and values that the published schema knows at this place. */
const completions = (schema: () => Schema | null) =>
  autocompletion({
    icons: false,
    override: [
      (context: CompletionContext) => {
        const root = schema()
        const text = context.state.doc.toString()
        const place = placeAt(text, context.pos)
        if (root === null || (!context.explicit && place.from === context.pos && place.at === 'key')) return null
        const options = offersAt(root, place, text).map(({ label, detail, info, kind, needed }) => ({
          label,
          detail: needed === true ? `${detail}, needed` : detail,
          info: info === '' ? undefined : info,
          apply: kind === 'field' ? `${label}: ` : label,
          boost: needed === true ? 1 : 0,
        }))
        return options.length === 0 ? null : { from: place.from, options, validFor: /^[\w.-]*$/ }
      },
    ],
  })

const about = (schema: () => Schema | null) =>
  hoverTooltip((view, position) => {
    const root = schema()
    const line = view.state.doc.lineAt(position)
    const word = [...line.text.matchAll(/[A-Za-z][\w-]*(?=\s*:(\s|$))/g)].find(
      ({ index, 0: name }) => line.from + index <= position && position <= line.from + index + name.length,
    )
    if (root === null || word === undefined) return null
    const from = line.from + word.index
    const found = aboutField(root, placeAt(view.state.doc.toString(), from), word[0])
    if (found === null || (found.info === '' && found.kind === '')) return null
    return {
      pos: from,
      end: from + word[0].length,
      above: true,
      create() {
        const dom = document.createElement('div')
        dom.className = 'cm-about'
        const name = dom.appendChild(document.createElement('strong'))
        name.textContent = `${word[0]}: ${found.kind}`
        if (found.info !== '') dom.appendChild(document.createElement('div')).textContent = found.info
        return { dom }
      },
    }
  })

function diagnosticsOf(state: EditorState, faults: readonly TextFault[]): Diagnostic[] {
  return faults.map(({ line, field, reason }) => {
    const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines))
    const from = at.from + (at.text.length - at.text.trimStart().length)
    return { from, to: Math.max(at.to, from), severity: 'error', message: field === '' ? reason : `${field} ${reason}` }
  })
}

/** A text with line numbers; what is wrong stands at its line. Tab leaves it, as everywhere on the page. */
export default function CodeEditor({ label, language, value, readOnly = false, faults, schema = null, onChange, handle }: Props) {
  const place = useRef<HTMLDivElement>(null)
  const view = useRef<EditorView | null>(null)
  const told = useRef({ onChange, schema })
  told.current = { onChange, schema }

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text goes in once; later values come in by the next effect
  useEffect(() => {
    const forYaml: Extension[] = [yaml(), completions(() => told.current.schema), about(() => told.current.schema)]
    const created = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: value,
        extensions: [
          lineNumbers(),
          highlightActiveLineGutter(),
          highlightActiveLine(),
          lintGutter(),
          history(),
          drawSelection(),
          indentOnInput(),
          bracketMatching(),
          search({ top: true }),
          highlightSelectionMatches(),
          syntaxHighlighting(colours),
          look,
          keymap.of([
            { key: 'Tab', run: acceptCompletion },
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
            ...lintKeymap,
            ...completionKeymap,
          ]),
          EditorState.readOnly.of(readOnly),
          EditorState.tabSize.of(2),
          EditorView.contentAttributes.of({ 'aria-label': label, spellcheck: language === 'yaml' ? 'false' : 'true' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) told.current.onChange(update.state.doc.toString())
          }),
          EditorView.lineWrapping,
          ...(language === 'yaml' ? forYaml : []),
        ],
      }),
    })
    view.current = created
    return () => {
      created.destroy()
      view.current = null
    }
  }, [label, language, readOnly])

  useEffect(() => {
    const now = view.current
    if (now !== null && now.state.doc.toString() !== value)
      now.dispatch({ changes: { from: 0, to: now.state.doc.length, insert: value } })
  }, [value])

  useEffect(() => {
    const now = view.current
    if (now !== null) now.dispatch(setDiagnostics(now.state, diagnosticsOf(now.state, faults)))
  }, [faults])

  useImperativeHandle(
    handle,
    () => ({
      goTo(line) {
        const now = view.current
        if (now === null) return
        const { from } = now.state.doc.line(Math.min(Math.max(line, 1), now.state.doc.lines))
        now.dispatch({ selection: { anchor: from }, effects: EditorView.scrollIntoView(from, { y: 'center' }) })
        now.focus()
      },
    }),
    [],
  )

  return <div className="code-editor" ref={place} />
}
