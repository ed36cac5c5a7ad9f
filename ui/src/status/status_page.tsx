import { useEffect } from 'preact/hooks';
import { TopBar } from '../app/top_bar';

export default function StatusPage() {
  useEffect(() => {
    document.title = 'Status · Spoor';
  }, []);
  return (
    <TopBar>
      <h1>Status</h1>
    </TopBar>
  );
}
