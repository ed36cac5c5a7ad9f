import { zone } from '../format/zone';

// Between microseconds since 1970 and the text of a datetime-local field, which is in the zone that the reader chose.

const UTC_SUFFIX = { utc: 'Z', local: '' };

export function toFieldText(microseconds: string): string {
  if (microseconds === '') return '';
  const at = new Date(Number(microseconds) / 1000);
  if (Number.isNaN(at.getTime())) return '';
  if (zone.value === 'utc') return at.toISOString().slice(0, -5);
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function fromFieldText(text: string): string {
  const at = new Date(`${text}${UTC_SUFFIX[zone.value]}`).getTime();
  return text === '' || Number.isNaN(at) ? '' : String(at * 1000);
}
