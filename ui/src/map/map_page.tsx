import { useEffect } from 'preact/hooks';
import { TopBar } from '../app/top_bar';

export default function MapPage() {
  useEffect(() => {
    document.title = 'Map · Spoor';
  }, []);
  return (
    <TopBar>
      <h1>Map</h1>
    </TopBar>
  );
}
