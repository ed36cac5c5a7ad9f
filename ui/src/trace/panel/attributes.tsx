import { useState } from 'preact/hooks';
import type { Attribute } from '../../api/types';
import { CopyButton } from '../../controls/copy_button';
import { counted, formatCount } from '../../format/count';
import { Value } from './value';
import { valueText } from './value_text';

/** So many at once: the panel stays quick for a span with a million of them. */
const STEP = 100;

interface Props {
  attributes: Attribute[];
  dropped: number;
  schema?: string;
}

export function Attributes({ attributes, dropped, schema }: Props) {
  const [shown, setShown] = useState(STEP);
  const left = attributes.length - shown;
  return (
    <>
      <dl class="kvs">
        {attributes.slice(0, shown).map((attribute, index) => (
          <Row key={`${attribute.key} ${index}`} attribute={attribute} />
        ))}
        {schema && <Row attribute={{ key: 'schema URL', type: 'string', value: schema }} />}
      </dl>
      {left > 0 && (
        <button type="button" class="link more" onClick={() => setShown(shown + 10 * STEP)}>
          Show {formatCount(Math.min(left, 10 * STEP))} of {formatCount(left)} more
        </button>
      )}
      {dropped > 0 && <p class="dropped">{counted(dropped, 'more was', 'more were')} dropped by the SDK</p>}
    </>
  );
}

const FAILED_KEYS = /^(error\.|exception\.(type|message)$|error$)/;

function Row({ attribute }: { attribute: Attribute }) {
  const text = valueText(attribute);
  const failed = FAILED_KEYS.test(attribute.key) && text !== 'false';
  return (
    <div>
      <dt>{attribute.key}</dt>
      <dd class={failed ? 'failed' : ''}>
        <Value text={text} type={attribute.type} />
        <CopyButton class="copy" text={text} label={`Copy ${attribute.key}`} title="Copy the value">
          Copy
        </CopyButton>
      </dd>
    </div>
  );
}
