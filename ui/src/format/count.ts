const WHOLE = new Intl.NumberFormat('en');

export function formatCount(count: number): string {
  return WHOLE.format(count);
}

/** "1 span", "264 spans". */
export function counted(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`;
}

/** "870 characters", or from a thousand on "4.1 kB", decimal as disks count. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte');
  const units = ['kB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toPrecision(value >= 100 ? 3 : 2)} ${units[unit]}`;
}
