import { useEffect } from 'preact/hooks';
import { TopBar } from '../app/top_bar';

export default function ServicesPage() {
  useEffect(() => {
    document.title = 'Services · Spoor';
  }, []);
  return (
    <TopBar>
      <h1>Services</h1>
    </TopBar>
  );
}
