export function TracePage({ given }: { given: string }) {
  return <p>{given}</p>;
}
