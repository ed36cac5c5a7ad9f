import { useEffect } from 'preact/hooks';
import { GoTo } from '../app/go_to';

export default function ServicePage({ name }: { name: string }) {
  useEffect(() => {
    document.title = `${name} · Spoor`;
  }, [name]);
  return (
    <header class="topbar">
      <h1>{name}</h1>
      <GoTo />
    </header>
  );
}
