// Between microseconds since 1970 and the text of a datetime-local field, which is in the reader's zone.

export function toFieldText(microseconds: string): string {
  if (microseconds === '') return '';
  const at = new Date(Number(microseconds) / 1000);
  if (Number.isNaN(at.getTime())) return '';
  const two = (value: number) => String(value).padStart(2, '0');
  const day = `${String(at.getFullYear()).padStart(4, '0')}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function fromFieldText(text: string): string {
  const at = new Date(text).getTime();
  return text === '' || Number.isNaN(at) ? '' : String(at * 1000);
}
