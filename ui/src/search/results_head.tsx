import type { ComponentChildren } from 'preact';
import { ChoiceMenu } from '../controls/choice_menu';
import { Icon } from '../controls/icon';
import { formatCount } from '../format/count';
import { ORDER_LABELS, ORDERS, type Order } from './order';

const CHOICES = ORDERS.map((order) => [order, ORDER_LABELS[order]] as [Order, string]);

interface HeadProps {
  loaded: number;
  /** How many match, all told. */
  matching: number;
  /** Every one that matches is here. */
  ended: boolean;
  /** How many match the form and the pills, inside the box and outside; undefined where there is no box. */
  inAll: number | undefined;
  /** "in the last hour" */
  range: string;
  order: Order;
  onOrder: (order: Order) => void;
  waiting: ComponentChildren;
}

/** How many traces there are and are shown, each number with what it counts, and their order. */
export function ResultsHead(props: HeadProps) {
  const { loaded, matching, ended, inAll, range, order, onOrder, waiting } = props;
  const boxed = inAll !== undefined;
  return (
    <div class="results-head">
      <span class="count" role="status">
        {ended ? (
          <>
            <strong>{formatCount(loaded)}</strong> {loaded === 1 ? 'trace' : 'traces'}
          </>
        ) : (
          <>
            <strong>{formatCount(loaded)}</strong> of <strong>{formatCount(matching)}</strong>
            {!boxed && ' traces'}
          </>
        )}{' '}
        {boxed ? (
          <>
            in the box<span class="dim">{`, ${formatCount(inAll)} ${range}`}</span>
          </>
        ) : (
          range
        )}
      </span>
      {waiting}
      <ChoiceMenu label="Order" value={order} choices={CHOICES} onChoose={onOrder} class="btn sm order">
        <Icon name="sort" />
        <span class="sr">Order: </span>
        {ORDER_LABELS[order]}
        <Icon name="down" size={12} />
      </ChoiceMenu>
    </div>
  );
}

/** A column's head: where the column can be ordered by, a button that does so. */
interface ColumnProps {
  class?: string;
  /** What a click asks for; the second, where there is one, is the other way round. */
  orders: readonly [Order, Order?];
  order: Order;
  onOrder: (order: Order) => void;
  children: ComponentChildren;
  beside?: string;
}

const ASCENDING: Order = 'shortest';

function Column({ class: classes, orders, order, onOrder, children, beside }: ColumnProps) {
  const chosen = orders.includes(order);
  const next = order === orders[0] && orders[1] ? orders[1] : orders[0];
  const sort = chosen ? (order === ASCENDING ? 'ascending' : 'descending') : undefined;
  return (
    <span role="columnheader" class={classes} aria-sort={sort}>
      <button type="button" title={ORDER_LABELS[next]} onClick={() => onOrder(next)}>
        {children}
        {chosen && <Icon name={order === ASCENDING ? 'up' : 'down'} size={12} />}
      </button>
      {beside && <span class="dim beside">{beside}</span>}
    </span>
  );
}

export function ColumnHeads({ order, onOrder }: { order: Order; onOrder: (order: Order) => void }) {
  const by = { order, onOrder };
  return (
    <div class="grid thead" role="row" aria-rowindex={1}>
      <span role="columnheader">Root service and operation</span>
      <Column orders={['most-errors']} {...by}>
        Errors
      </Column>
      <Column orders={['longest', 'shortest']} beside="critical path by service" {...by}>
        Duration
      </Column>
      <Column class="num" orders={['most-spans']} {...by}>
        Spans
      </Column>
      <span role="columnheader" class="c-svc">
        Services, spans in each
      </span>
      <Column class="num" orders={['newest']} {...by}>
        Started
      </Column>
    </div>
  );
}
