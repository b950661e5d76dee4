import { usePanel } from '../context';

/** The pages of the web that a reply cites. Their titles are other people's words: the host stands beside each. */
export function ReplyLinks(props: {
  links: readonly { url: string; title: string }[];
}): JSX.Element {
  const { trans } = usePanel();
  return (
    <ul className="gc-ReplyLinks" aria-label={trans.__('Sources')}>
      {props.links.map(({ url, title }) => {
        const host = hostOf(url);
        return (
          host !== undefined && (
            <li key={url}>
              <a
                href={url}
                target="_blank"
                rel="noopener noreferrer"
                title={url}
              >
                {title}
              </a>{' '}
              <span>{host}</span>
            </li>
          )
        );
      })}
    </ul>
  );
}

/** Undefined for what is no address of the web. */
function hostOf(url: string): string | undefined {
  try {
    const { protocol, host } = new URL(url);
    return /^https?:$/.test(protocol) ? host : undefined;
  } catch {
    return undefined;
  }
}
