import { fetchOverview } from '../../api/endpoints';
import { useResource } from '../../api/use_resource';
import { formatCount } from '../../format/count';
import { formatDuration } from '../../format/duration';
import { Grid } from './grid';
import { momentInWords } from './ticks';

/** Rows that can be read one by one: the server counts them anew, so that quantiles are exact. */
export const TABLE_SHAPE = { columns: 24, rows: 1 };

/** The picture as numbers: what stands in it, over time. */
export function OverviewTable({ question, since }: { question: string; since: number }) {
  const { data, error, retry } = useResource(`overview ${question} at ${since}`, (signal) =>
    fetchOverview(new URLSearchParams(question), signal),
  );
  if (error)
    return (
      <p class="instead">
        {error.message}{' '}
        <button type="button" class="btn sm line" onClick={retry}>
          Try again
        </button>
      </p>
    );
  if (!data) return <p class="instead">Counting</p>;
  const grid = new Grid(data);
  const counts = new Map(data.cells.map(([column, , traces, withError]) => [column, [traces, withError]]));
  const time = (nano: string | null | undefined) => (nano ? formatDuration(Number(nano)) : '');
  return (
    <div class="twin" role="region" aria-label="Durations over time" tabIndex={0}>
      <table>
        <thead>
          <tr>
            {['From', 'To', 'Traces', 'With errors', 'p50', 'p99'].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {data.columnP50Nano.map((p50, column) => {
            const [traces = 0, withError = 0] = counts.get(column) ?? [];
            return (
              <tr key={column}>
                <th scope="row">{momentInWords(grid.startAt(column), grid)}</th>
                <td>{momentInWords(grid.startAt(column + 1), grid)}</td>
                <td>{formatCount(traces)}</td>
                <td>{formatCount(withError)}</td>
                <td>{time(p50)}</td>
                <td>{time(data.columnP99Nano[column])}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
