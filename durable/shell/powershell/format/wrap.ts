/** Columns that the console offers to a table: its width less one. */
export const WIDTH = 119

/** Breaks at spaces, and inside words longer than a line. */
export function wrap(text: string, width: number): string[] {
  const room = Math.max(1, width)
  return text.split('\n').flatMap((line) => wrapLine(line.replace(/\r$/, ''), room))
}

function wrapLine(line: string, room: number): string[] {
  if (line.length <= room) return [line]
  const out: string[] = []
  let left = line
  while (left.length > room) {
    const space = left.lastIndexOf(' ', room)
    if (space > 0) {
      out.push(left.slice(0, space))
      left = left.slice(space + 1)
    } else {
      out.push(left.slice(0, room))
      left = left.slice(room)
    }
  }
  out.push(left)
  return out
}

/** One cell: what does not fit loses its end to dots, a number its beginning. */
export function clip(text: string, width: number, right: boolean): string {
  if (text.length <= width) return right ? text.padStart(width) : text.padEnd(width)
  if (width <= 3) return right ? text.slice(-width) : text.slice(0, width)
  return right ? `...${text.slice(-(width - 3))}` : `${text.slice(0, width - 3)}...`
}
