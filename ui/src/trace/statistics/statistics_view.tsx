import { useScreenMark } from '../../app/on_screen';
import type { Session } from '../session';

export default function StatisticsView({ session }: { session: Session }) {
  useScreenMark('trace-painted', session);
  return <p class="state">This view is not here yet.</p>;
}
