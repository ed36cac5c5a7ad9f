import type { ComponentChildren } from 'preact';
import type { PathPart } from '../../api/types';
import { counted, formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { KIND_CLIENT } from '../columns';
import { methodName, shortOperation } from '../operation_name';
import type { Trace } from '../trace';

const QUERY = /^(select|insert|update|delete|upsert|merge|with)\b/i;

/** What a part of the time was, in words; what it is about stands out. */
export function partWords(trace: Trace, part: PathPart): ComponentChildren {
  const name = shortOperation(part.name ?? '');
  switch (part.kind) {
    case 'repeats':
      return (
        <>
          <em>
            {formatCount(part.spanCount)} × {name}
          </em>
          , {loop(trace, part)}
        </>
      );
    case 'outside':
      return (
        <>
          {part.spanCount > 1 ? counted(part.spanCount, 'outside call') : 'Outside call'} to{' '}
          <em>{part.target || name}</em>
        </>
      );
    case 'network':
      return (
        <>
          <em>Network,</em>{' '}
          {part.fromToNano !== part.durationNano && `${formatDuration(Number(part.fromToNano))} of it `}
          {part.from} to {part.to}
        </>
      );
    case 'retry':
      return (
        <>
          <em>{name}</em> failed, then tried again
        </>
      );
    case 'operation':
      return (
        <>
          <em>
            {part.service} {methodName(part.name ?? '')}
          </em>
          , {part.spanCount > 1 ? `own work of ${counted(part.spanCount, 'span')}` : 'its own work'}
        </>
      );
    case 'gap':
      return 'No span covers this: the root is missing';
    case 'rest':
      return `Everything else, ${counted(part.spanCount, 'span')}`;
  }
}

/** How long each turn of a loop took, and what the loop most likely is. */
function loop(trace: Trace, { name = '', rows, eachNano }: PathPart): string {
  const each = `${formatDuration(Number(eachNano))} each`;
  if (QUERY.test(name)) return `${each}: likely one query per row (N+1)`;
  const row = rows[0];
  const calls = row !== undefined && trace.columns.kind[row] === KIND_CLIENT;
  return calls ? `${each}: likely one call per item` : `one after the other, ${each}`;
}

export function share(durationNano: string, wholeNano: string): string {
  const percent = (Number(durationNano) / Math.max(1, Number(wholeNano))) * 100;
  return percent > 0 && percent < 1 ? '<1 %' : `${Math.round(percent)} %`;
}
