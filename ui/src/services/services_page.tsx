import { useEffect } from 'preact/hooks';
import { GoTo } from '../app/go_to';

export default function ServicesPage() {
  useEffect(() => {
    document.title = 'Services · Spoor';
  }, []);
  return (
    <header class="topbar">
      <h1>Services</h1>
      <GoTo />
    </header>
  );
}
