import { useState } from 'preact/hooks';
import { formatCount } from '../../format/count';
import { cutText } from './value_text';

/** A value in the panel: as it is, but a long one only in part until it is asked for. */
export function Value({ text, type }: { text: string; type: string }) {
  const [whole, setWhole] = useState(false);
  if (type === 'empty') return <span class="dim">empty</span>;
  if (text === '') return <span class="dim">empty text</span>;
  const shown = whole ? text : cutText(text);
  const hidden = text.length - shown.length;
  return (
    <>
      {shown}
      {hidden > 0 && (
        <>
          …{' '}
          <button type="button" class="link" onClick={() => setWhole(true)}>
            Show all, {formatCount(hidden)} more characters
          </button>
        </>
      )}
    </>
  );
}
