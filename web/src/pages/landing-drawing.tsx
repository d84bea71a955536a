type Box = {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly name: string
  readonly note: string
  readonly strong?: boolean
}

const boxes: readonly Box[] = [
  { x: 28, y: 74, w: 124, name: 'vm1', note: '172.27.163.10' },
  { x: 28, y: 142, w: 124, name: 'vm2', note: '172.27.164.8' },
  { x: 28, y: 210, w: 124, name: 'win1', note: '172.27.170.2' },
  { x: 204, y: 74, w: 148, name: 'LABHOST', note: '192.168.3.50', strong: true },
  { x: 204, y: 176, w: 148, name: 'Default Switch', note: '172.27.160.1/20', strong: true },
  { x: 420, y: 74, w: 110, name: 'Home router', note: '192.168.3.1' },
  { x: 420, y: 210, w: 110, name: 'Internet', note: '' },
]

const wires = ['M152 98H178V200H204', 'M152 166H178', 'M152 234H178V200', 'M278 122V176', 'M352 98H420', 'M475 122V210']

/** The lab in outline; a picture, told to readers that do not see it in one sentence. */
export function LandingDrawing() {
  return (
    <figure className="landing-figure">
      <svg
        viewBox="0 0 560 300"
        role="img"
        aria-label="Three guests on a virtual switch inside a Windows computer, behind a home router"
      >
        <rect x="10" y="34" width="362" height="240" rx="6" className="drawing-case" />
        <text x="24" y="56" className="drawing-note">
          Windows 11 with Hyper-V
        </text>
        {wires.map((d, index) => (
          <path key={d} d={d} className={index === 4 || index === 5 ? 'drawing-wire out' : 'drawing-wire'} />
        ))}
        {boxes.map((box) => (
          <g key={box.name}>
            <rect
              x={box.x}
              y={box.y}
              width={box.w}
              height="48"
              rx="4"
              className={box.strong ? 'drawing-box strong' : 'drawing-box'}
            />
            <text x={box.x + 12} y={box.y + (box.note === '' ? 29 : 21)} className="drawing-name">
              {box.name}
            </text>
            <text x={box.x + 12} y={box.y + 37} className="drawing-address">
              {box.note}
            </text>
          </g>
        ))}
        <rect x="380" y="93" width="12" height="10" rx="2" className="drawing-frame" />
        <text x="384" y="144" className="drawing-note">
          98 bytes
        </text>
        <path d="M386 106V130" className="drawing-lead" />
      </svg>
    </figure>
  )
}
