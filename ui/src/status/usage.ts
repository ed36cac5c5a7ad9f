// How full something is, and when that deserves a warning.

export interface Usage {
  used: number;
  /** 0 where there is no bound. */
  most: number;
  /** From 0 to 1; null without a bound. */
  share: number | null;
  tight: boolean;
}

const TIGHT_SHARE = 0.9;

export function usage(used: string, most: string): Usage {
  const [usedNumber, mostNumber] = [Number(used), Number(most)];
  const share = mostNumber > 0 ? Math.min(1, usedNumber / mostNumber) : null;
  return { used: usedNumber, most: mostNumber, share, tight: share !== null && share >= TIGHT_SHARE };
}

/** The disk as a whole: what is used of the limit, or, without one, of what is used and free together. */
export function diskUsage(disk: { usedBytes: string; freeBytes: string; maxBytes: string }): Usage {
  const limit = Number(disk.maxBytes);
  const room = Number(disk.usedBytes) + Number(disk.freeBytes);
  // A limit above what the disk has is none.
  return usage(disk.usedBytes, String(limit > 0 ? Math.min(limit, room) : room));
}
