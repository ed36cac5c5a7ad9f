import { firstAfter, type Boxes } from './boxes';

/** Boxes narrower than this are drawn together, in pixels. */
export const SLIVER = 2;

/** A box as it is drawn: from where to where, in pixels. */
export interface Drawn {
  box: number;
  x: number;
  width: number;
}

/** The part of all boxes that is on the screen, and how wide a unit is there. */
export interface Scale {
  from: number;
  to: number;
  pixelsPerUnit: number;
}

/**
 * What is seen of a lane. Of boxes that are too narrow to be told apart the widest stands for all that share its
 * place, so nothing is left out and no more is drawn than there are places. Linear in the boxes of the lane in view.
 */
export function drawnOf(boxes: Boxes, lane: number, { from, to, pixelsPerUnit }: Scale): Drawn[] {
  const drawn: Drawn[] = [];
  const end = boxes.laneBegin[lane + 1]!;
  let place = -1;
  let widest = -1;
  const flush = () => {
    if (widest >= 0) drawn.push({ box: widest, x: place * SLIVER, width: SLIVER });
    widest = -1;
  };
  for (let box = firstAfter(boxes, lane, from); box < end && boxes.from[box]! < to; box++) {
    const x = (boxes.from[box]! - from) * pixelsPerUnit;
    const width = (boxes.to[box]! - boxes.from[box]!) * pixelsPerUnit;
    if (width >= SLIVER) {
      flush();
      drawn.push({ box, x, width });
      continue;
    }
    const at = Math.max(0, Math.floor(x / SLIVER));
    if (at !== place) flush();
    place = at;
    const before = widest < 0 ? -1 : boxes.to[widest]! - boxes.from[widest]!;
    if (boxes.to[box]! - boxes.from[box]! > before) widest = box;
  }
  flush();
  return drawn;
}
