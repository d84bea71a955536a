import type { ExecAnswer } from '../../../../durable/protocol.ts'

/** What programs say when nothing, or nothing good, came back, whatever status they end with. */
const signs =
  /timed? ?out|100% (packet )?loss|unreachable|could not (find|resolve)|not resolve|TcpTestSucceeded\s*: False|PingSucceeded\s*: False|General failure|no servers could be reached|No response|Unable to contact/i

/** Whether a finished command is one that a person may ask about: why nothing came. */
export const withoutAnswer = ({ status, exitStatus, output }: Pick<ExecAnswer, 'status' | 'exitStatus' | 'output'>): boolean =>
  status === 'done' && ((exitStatus !== null && exitStatus !== 0) || signs.test(output))
