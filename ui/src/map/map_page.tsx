import { useEffect } from 'preact/hooks';
import { GoTo } from '../app/go_to';

export default function MapPage() {
  useEffect(() => {
    document.title = 'Map · Spoor';
  }, []);
  return (
    <header class="topbar">
      <h1>Map</h1>
      <GoTo />
    </header>
  );
}
