import { useEffect, useRef, useState } from 'preact/hooks';
import { type Box, NO_BOX } from '../box';
import { TextField } from '../text_field';
import type { Grid } from './grid';
import { durationRangeText, parseDurationRange, parseTimeRange, timeRangeText } from './range_text';

interface Props {
  grid: Grid;
  box: Box;
  onBox: (box: Box) => void;
  onClose: () => void;
}

/** The box as two texts: the same as drawing it, without a drag. */
export function RangeFields({ grid, box, onBox, onClose }: Props) {
  const [times, setTimes] = useState(() => timeRangeText(box));
  const [durations, setDurations] = useState(() => durationRangeText(box));
  const [errors, setErrors] = useState<{ times?: string; durations?: string }>({});
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector('input')?.focus(), []);
  const submit = (event: Event) => {
    event.preventDefault();
    // A text that was not touched keeps the digits that it does not show.
    const time = times === timeRangeText(box) ? box : parseTimeRange(times, grid);
    const duration = durations === durationRangeText(box) ? box : parseDurationRange(durations);
    if (!time || !duration) {
      return setErrors({
        ...(time ? {} : { times: 'From and to, like 14:21-14:36' }),
        ...(duration ? {} : { durations: 'From and to, like 1.2s-6s' }),
      });
    }
    const { startMin, startMax } = time;
    const { durationMin, durationMax } = duration;
    onBox({ ...NO_BOX, startMin, startMax, durationMin, durationMax });
    onClose();
  };
  return (
    <form
      ref={form}
      class="menu range-fields"
      aria-label="Box in numbers"
      noValidate
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onClose();
      }}
    >
      <TextField
        label="Started"
        value={times}
        error={errors.times}
        placeholder="14:21-14:36"
        onValue={setTimes}
      />
      <TextField
        label="Trace duration"
        value={durations}
        error={errors.durations}
        placeholder="1.2s-6s"
        onValue={setDurations}
      />
      <button class="btn sm primary" type="submit">
        Apply
      </button>
    </form>
  );
}
