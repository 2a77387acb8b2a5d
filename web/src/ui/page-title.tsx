/** The document's title, most particular part first; React moves it into the head. */
export function PageTitle({ parts }: { parts: readonly string[] }) {
  return <title>{[...parts, 'Topk'].join(' · ')}</title>;
}
