import { useEffect } from 'preact/hooks';
import { TopBar } from '../app/top_bar';

export default function ServicePage({ name }: { name: string }) {
  useEffect(() => {
    document.title = `${name} · Spoor`;
  }, [name]);
  return (
    <TopBar>
      <h1>{name}</h1>
    </TopBar>
  );
}
