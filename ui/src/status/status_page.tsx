import { useEffect } from 'preact/hooks';
import { GoTo } from '../app/go_to';

export default function StatusPage() {
  useEffect(() => {
    document.title = 'Status · Spoor';
  }, []);
  return (
    <header class="topbar">
      <h1>Status</h1>
      <GoTo />
    </header>
  );
}
