import { lazy, Suspense, useCallback, useEffect, useRef, useState } from 'react'
import { type AuthoredDetails, authoring, type TextFault } from '../api/authoring.ts'
import '../lab/brief/brief.css'
import { navigate } from '../router.ts'
import { Loading } from '../ui/loading.tsx'
import { PageHeader } from '../ui/page-header.tsx'
import { useStore } from '../ui/store.ts'
import { toast } from '../ui/toasts.tsx'
import type { EditorHandle } from './code-editor.tsx'
import { ConflictNotice } from './conflict-notice.tsx'
import type { DraftKeeper } from './draft-keeper.ts'
import { EditorBar } from './editor-bar.tsx'
import { EditorTabs, type Tab } from './editor-tabs.tsx'
import { FaultList } from './fault-list.tsx'
import { InsidePanel } from './inside-panel.tsx'
import type { Schema } from './lab-schema.ts'
import { Solutions } from './solutions.tsx'
import { useExamination } from './use-examination.ts'

const CodeEditor = lazy(() => import('./code-editor.tsx'))
const Markdown = lazy(() => import('../lab/brief/markdown.tsx'))

type Props = {
  readonly lab: AuthoredDetails
  readonly keeper: DraftKeeper
  readonly onLab: (lab: AuthoredDetails) => void
}

const tabOf = (file: string): Tab => (file === 'definition' || file === 'brief' ? file : 'solutions')

/** A lab as its author writes it. */
export function Editor({ lab, keeper, onLab }: Props) {
  const texts = useStore(keeper.store, (state) => state.texts)
  const loaded = useStore(keeper.store, (state) => state.loaded)
  const [tab, setTab] = useState<Tab>('definition')
  const [solution, setSolution] = useState(0)
  const [seed, setSeed] = useState(1)
  const looked = useExamination(texts, seed)
  const faults = looked.examination?.faults ?? []
  const inside = looked.examination?.lab ?? null
  const schema = useSchema()
  const handle = useRef<EditorHandle>(null)
  const [wanted, setWanted] = useState<TextFault | null>(null)
  const title = inside?.title ?? lab.title
  useEffect(() => {
    document.title = `${title} · Authoring · Switchroom`
  }, [title])

  const reload = useCallback(
    () =>
      authoring
        .read(lab.id)
        .then(onLab, (error: Error) => toast(`What is published could not be read. ${error.message}`, 'fail')),
    [lab.id, onLab],
  )

  const show = useCallback((fault: TextFault) => setWanted(fault), [])
  const { solutions } = texts
  useEffect(() => {
    if (wanted === null) return
    setTab(tabOf(wanted.file))
    const nth = solutions.findIndex(({ name }) => name === wanted.file)
    if (nth >= 0) setSolution(nth)
    // The editor of the other file has to come first.
    const timer = setTimeout(() => {
      handle.current?.goTo(wanted.line)
      setWanted(null)
    }, 60)
    return () => clearTimeout(timer)
  }, [wanted, solutions])

  const of = (file: string) => faults.filter((fault) => fault.file === file)
  const count = {
    definition: of('definition').length,
    brief: of('brief').length,
    solutions: faults.filter(({ file }) => tabOf(file) === 'solutions').length,
  }
  return (
    <div className="authoring editor">
      <PageHeader />
      <EditorBar
        lab={lab}
        title={title}
        keeper={keeper}
        faults={faults}
        variants={inside?.variants ?? 1}
        seed={seed}
        onLab={onLab}
        onReload={reload}
        onShow={show}
        onTried={(trial) => navigate(`/authoring/${lab.id}/try/${trial}`)}
      />
      <ConflictNotice lab={lab} keeper={keeper} />
      <main className="editor-main">
        <section className="editor-texts" aria-label="The texts of the lab">
          <EditorTabs tab={tab} faults={count} onTab={setTab} />
          <div className="editor-pane" role="tabpanel" id={`panel-${tab}`} aria-labelledby={`tab-${tab}`}>
            <Suspense fallback={<Loading text="Opening the editor" />}>
              {tab === 'definition' && (
                <CodeEditor
                  key={`definition ${loaded}`}
                  label="Definition, lab.yaml"
                  language="yaml"
                  value={texts.definition}
                  faults={of('definition')}
                  schema={schema}
                  onChange={(definition) => keeper.change({ definition })}
                  handle={handle}
                />
              )}
              {tab === 'brief' && (
                <CodeEditor
                  key={`brief ${loaded}`}
                  label="Brief, Markdown"
                  language="text"
                  value={texts.brief}
                  faults={of('brief')}
                  onChange={(brief) => keeper.change({ brief })}
                  handle={handle}
                />
              )}
              {tab === 'solutions' && (
                <Solutions
                  key={`solutions ${loaded}`}
                  solutions={texts.solutions}
                  chosen={solution}
                  faults={faults}
                  onChoose={setSolution}
                  onChange={(solutions) => keeper.change({ solutions })}
                  handle={handle}
                  id={lab.id}
                  seed={seed}
                  onSave={() => keeper.flush()}
                />
              )}
            </Suspense>
          </div>
        </section>
        <aside className="editor-side" aria-label="What the service says of it">
          <FaultList faults={faults} looked={looked} onShow={show} />
          {tab === 'brief' ? (
            <section className="side-block preview" aria-label="Preview of the brief">
              <h2>As students read it</h2>
              <Suspense fallback={<Loading text="Preparing the preview" />}>
                <Markdown text={inside?.brief ?? texts.brief} />
              </Suspense>
            </section>
          ) : (
            <InsidePanel inside={inside} seed={seed} onSeed={setSeed} />
          )}
        </aside>
      </main>
    </div>
  )
}

/** The schema that the service publishes, for what is offered while writing. Without it, one writes all the same. */
function useSchema(): Schema | null {
  const [schema, setSchema] = useState<Schema | null>(null)
  useEffect(() => {
    fetch('/lab.schema.json').then(
      async (answer) => answer.ok && setSchema((await answer.json()) as Schema),
      () => {},
    )
  }, [])
  return schema
}
