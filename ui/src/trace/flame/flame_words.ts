import { counted } from '../../format/count';
import { formatDuration } from '../../format/duration';
import type { Order } from './flame_state';
import type { Boxes } from './boxes';
import type { Trace } from '../trace';

/** What a box is, in a sentence: "payment SELECT ledger_entries, 214 spans, 1.76 s of work, 32 % of all". */
export function inWords(trace: Trace, boxes: Boxes, box: number, order: Order): string {
  const row = boxes.row[box]!;
  const parts = [`${trace.service(row)} ${trace.name(row)}`];
  const share = `${shareInWords((boxes.to[box]! - boxes.from[box]!) / boxes.total)} of all`;
  if (order === 'left') {
    parts.push(counted(boxes.spans[box]!, 'span'));
    parts.push(`${formatDuration(trace.nano(boxes.to[box]! - boxes.from[box]!))} of work`, share);
    if (boxes.errors[box]! > 0) parts.push(counted(boxes.errors[box]!, 'error'));
  } else {
    parts.push(formatDuration(trace.nano(trace.columns.duration[row]!)), share);
    parts.push(`starts at ${formatDuration(trace.nano(trace.start(row)))}`);
    if (trace.failed(row)) parts.push('error');
  }
  return parts.join(', ');
}

function shareInWords(share: number): string {
  const percent = share * 100;
  return percent > 0 && percent < 0.1 ? '< 0.1 %' : `${Number(percent.toFixed(1))} %`;
}
