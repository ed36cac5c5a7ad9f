import { useEffect, useId, useState } from 'preact/hooks';
import { fetchOperations } from '../api/endpoints';
import type { Service } from '../api/types';
import { useResource } from '../api/use_resource';
import { Combobox } from '../controls/combobox';
import { Icon } from '../controls/icon';
import { ANY_TIME, CUSTOM, LOOKBACKS, lookbackLabel } from './lookback';
import { checkQuery, type Query, type QueryErrors, type QueryField } from './query';
import { TextField } from './text_field';
import { fromFieldText, toFieldText } from './time_field';

interface Props {
  query: Query;
  services: Service[];
  onSearch: (query: Query) => void;
}

export function SearchForm({ query, services, onSearch }: Props) {
  const [draft, setDraft] = useState(query);
  const [errors, setErrors] = useState<QueryErrors>(() => checkQuery(query));
  const [unfolded, setUnfolded] = useState(false);
  const known = services.some((service) => service.name === draft.service);
  const operations = useResource(known ? `operations of ${draft.service}` : null, (signal) =>
    fetchOperations(draft.service, signal),
  );

  useEffect(() => {
    setDraft(query);
    setErrors(checkQuery(query));
  }, [query]);

  const set = (field: QueryField) => (value: string) => {
    setDraft((before) => ({ ...before, [field]: value }));
    setErrors((before) => ({ ...before, [field]: undefined }));
  };
  const setService = (value: string) => {
    set('service')(value);
    // The operation was one of the service before.
    if (value === '' || services.some(({ name }) => name === value)) set('operation')('');
  };
  const submit = (event: Event) => {
    event.preventDefault();
    const found = checkQuery(draft);
    setErrors(found);
    if (Object.keys(found).length > 0) return setUnfolded(true);
    setUnfolded(false);
    onSearch(draft);
  };
  const text = (field: QueryField, label: string, more: { placeholder?: string; numeric?: boolean } = {}) => (
    <TextField label={label} value={draft[field]} error={errors[field]} onValue={set(field)} {...more} />
  );

  return (
    <form class={`query${unfolded ? ' unfolded' : ''}`} aria-label="Find traces" onSubmit={submit} noValidate>
      <div class="brief">
        <button
          type="button"
          class="input combo"
          aria-expanded={unfolded}
          onClick={() => setUnfolded(!unfolded)}
        >
          <span class="cut">{inBrief(draft)}</span>
          <Icon name={unfolded ? 'up' : 'down'} />
        </button>
        <button class="btn primary" type="submit">
          Find traces
        </button>
      </div>
      <div class="form">
        <Combobox
          label="Service"
          value={draft.service}
          onValue={setService}
          choices={services.map(({ name, colour }) => ({ value: name, colour }))}
          everything="All services"
          emptyList="No service has sent spans yet"
        />
        <Combobox
          label="Operation"
          value={draft.operation}
          onValue={set('operation')}
          choices={(operations.data ?? []).map((value) => ({ value }))}
          everything="All operations"
          emptyList={known ? 'This service has no operations' : 'Choose a service to see its operations'}
        />
        {text('tags', 'Tags', { placeholder: 'http.response.status_code=500 error=true' })}
        {text('minDuration', 'Min duration', { placeholder: '100ms' })}
        {text('maxDuration', 'Max duration', { placeholder: '1.2s' })}
        <LookbackField value={draft.lookback} onValue={set('lookback')} />
        {text('limit', 'Limit', { numeric: true })}
        <button class="btn primary find-traces" type="submit">
          Find traces
        </button>
        {draft.lookback === CUSTOM && (
          <div class="range">
            <TextField
              label="From"
              type="datetime-local"
              value={toFieldText(draft.start)}
              error={errors.start}
              onValue={(value) => set('start')(fromFieldText(value))}
            />
            <TextField
              label="To"
              type="datetime-local"
              value={toFieldText(draft.end)}
              error={errors.end}
              onValue={(value) => set('end')(fromFieldText(value))}
            />
          </div>
        )}
      </div>
    </form>
  );
}

function LookbackField({ value, onValue }: { value: string; onValue: (value: string) => void }) {
  const id = useId();
  const offered = [...LOOKBACKS, ANY_TIME, CUSTOM];
  if (!offered.includes(value)) offered.unshift(value);
  return (
    <div class="field">
      <label for={id}>Lookback</label>
      <span class="pick">
        <select id={id} class="input" value={value} onChange={(event) => onValue(event.currentTarget.value)}>
          {offered.map((lookback) => (
            <option key={lookback} value={lookback}>
              {lookbackLabel(lookback)}
            </option>
          ))}
        </select>
        <Icon name="down" />
      </span>
    </div>
  );
}

/** The whole form in one line, for screens that have no room for it. */
function inBrief(query: Query): string {
  const parts = [query.service || 'All services', query.operation, query.tags];
  if (query.minDuration) parts.push(`from ${query.minDuration}`);
  if (query.maxDuration) parts.push(`to ${query.maxDuration}`);
  parts.push(lookbackLabel(query.lookback).toLowerCase());
  return parts.filter((part) => part !== '').join(', ');
}
